# A sandbox as a container. Its tokens: docker exec CONTAINER cat /state/pats/imcust.pat
#   docker build -t runner-sandbox . && docker run -d -p 127.0.0.1:8085:8085 -v sandbox:/state runner-sandbox
FROM python:3.12-slim
WORKDIR /runner
COPY pyproject.toml README.md LICENSE ./
COPY runner runner
RUN python -m pip install --no-cache-dir '.[sandbox,javascript]' && useradd --create-home sandbox \
    && mkdir /state && chown sandbox /state
USER sandbox
VOLUME /state
EXPOSE 8085
HEALTHCHECK --interval=10s --timeout=5s CMD ["runner", "sandbox", "status", "--root", "/state"]
# Within a container it listens on every address: publish the port on loopback, as above. Docker's own networks may log in.
ENTRYPOINT ["python", "-m", "runner.sandbox", "--root", "/state", "--port", "8085", \
            "--host", "0.0.0.0", "--allow", "172.16.0.0/12", "--allow", "192.168.0.0/16", "--allow", "10.0.0.0/8"]
