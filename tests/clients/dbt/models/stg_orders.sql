select id, customer, amount::number(10,2) as amount, at from {{ ref('orders') }}
