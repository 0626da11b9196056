-- runner: transactional
UPDATE CUSTOMER SET SINCE = NULL;
