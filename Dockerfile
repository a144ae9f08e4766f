# syntax=docker/dockerfile:1
# Everything that is written at run time goes to VAR and /tmp: the rest may be read-only.

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-progress

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/uv.txt requirements/run.txt requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/uv.txt \
    && uv venv --quiet --python /usr/local/bin/python --no-python-downloads /venv \
    && uv pip sync --quiet --no-cache --compile-bytecode --require-hashes --python /venv/bin/python requirements/run.txt
COPY --from=packages /app/node_modules node_modules
COPY . .
# DEMO makes keys of its own in a folder that is thrown away at once: no secret is ever in the image.
RUN VAR=/app/built /venv/bin/python -m lms.assets.build \
    && DEMO=1 VAR=/tmp/build BUILT=/app/built /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q certificates lms media mentoring modules \
    && rm -rf node_modules /tmp/build

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 refleks \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin refleks \
    && install --directory --owner refleks --group refleks --mode 700 /var/lib/refleks
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH BUILT=/app/built VAR=/var/lib/refleks HOST=0.0.0.0 PORT=8000 HOME=/tmp \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "lms.start", "web"]
