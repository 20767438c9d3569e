# One binary on a small base. The database is one of your own: DATABASE_URL.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG RELEASE=purple-cross@docker
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.release=${RELEASE}" -o /purple-cross .

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /purple-cross /usr/local/bin/purple-cross
USER nobody
ENV ADDR=0.0.0.0:8080 APP_ENV=production
EXPOSE 8080
ENTRYPOINT ["purple-cross"]
