{{/* What only the reader of several values can see is wrong. All of it is told at once, and each line says what to do. */}}
{{- define "postmesh.validate" -}}
{{- $lines := list -}}
{{- range list "mode" "settings" "secrets" "domains" "trust" "scaling" "audit" "test" -}}
  {{- $lines = include (printf "postmesh.wrong.%s" .) $ | trim | splitList "\n" | concat $lines -}}
{{- end -}}
{{- with without $lines "" -}}
{{- printf "these values do not fit together:\n  - %s" (join "\n  - " .) | fail -}}
{{- end -}}
{{- end -}}

{{- define "postmesh.wrong.mode" -}}
{{- $redis := or .Values.redis.url (hasKey .Values.secrets.values "POSTMESH_REDIS_URL") (has "POSTMESH_REDIS_URL" .Values.secrets.names) -}}
{{- if eq .Values.mode "distributed" }}
{{- if not .Values.kafka.bootstrapServers }}
kafka.bootstrapServers: name the brokers all services share, such as kafka-1:9092,kafka-2:9092
{{- end }}
{{- if not $redis }}
redis.url: name the Redis all services share, such as redis://redis:6379, or put POSTMESH_REDIS_URL into secrets.existingSecret and secrets.names
{{- end }}
{{- if not (or .Values.blobs.store .Values.blobs.existingClaim) }}
blobs: in mode distributed all pods have to see the same large bodies; set blobs.store to s3://bucket/prefix, or blobs.existingClaim to a ReadWriteMany claim
{{- end }}
{{- if .Values.env.DKIM_AUTOGENERATE }}
env.DKIM_AUTOGENERATE: in mode distributed each signer would make keys of its own and lose them with its pod; make them once and name their Secret in domains[].dkim.existingSecret
{{- end }}
{{- else if or $redis (include "postmesh.outsideKafka" .) }}
mode: allInOne has a Kafka and a Redis of its own; set mode to distributed, or remove kafka.bootstrapServers, the users, certificates and files of kafka, redis.url and POSTMESH_REDIS_URL
{{- end }}
{{- if and .Values.blobs.store .Values.blobs.existingClaim }}
blobs: store and existingClaim are two places for the same bodies; keep one
{{- end }}
{{- end -}}

{{/* Not empty when something of an outside Kafka is named. */}}
{{- define "postmesh.outsideKafka" -}}
{{- with .Values.kafka -}}
{{ .bootstrapServers }}{{ .securityProtocol }}{{ .sasl.user }}{{ .sasl.existingSecret }}
{{- .tls.ca.existingSecret }}{{ .tls.certificate.existingSecret }}{{ .clientConfig.existingSecret }}
{{- end -}}
{{- end -}}

{{/* Settings that have a place of their own, and where it is. */}}
{{- define "postmesh.placed" -}}
POSTMESH_KAFKA_BOOTSTRAP: kafka.bootstrapServers
POSTMESH_KAFKA_CONFIG: kafka.clientConfig.existingSecret
POSTMESH_KAFKA_SECURITY_PROTOCOL: kafka.securityProtocol
POSTMESH_KAFKA_USER: kafka.sasl.user
POSTMESH_KAFKA_PASSWORD: kafka.sasl.existingSecret
POSTMESH_KAFKA_SASL_MECHANISM: kafka.sasl.mechanism
POSTMESH_KAFKA_CA: kafka.tls.ca
POSTMESH_KAFKA_CERTIFICATE: kafka.tls.certificate
POSTMESH_KAFKA_KEY: kafka.tls.certificate
POSTMESH_KAFKA_KEY_PASSWORD: secrets
POSTMESH_KAFKA_REPLICAS: kafka.replicas
POSTMESH_ACCEPTED_PARTITIONS: kafka.partitions
POSTMESH_OWNER_PARTITIONS: kafka.partitions
POSTMESH_BLOB_STORE: blobs.store
POSTMESH_BLOBS: blobs.existingClaim
POSTMESH_S3_ENDPOINT: blobs.s3.endpoint
POSTMESH_S3_REGION: blobs.s3.region
POSTMESH_S3_PATH_STYLE: blobs.s3.pathStyle
POSTMESH_LOG_FORMAT: logFormat
POSTMESH_DKIM_KEYS: domains[].dkim
DKIM_SELECTOR: domains[].dkim.selector
ALLOWED_SENDER_DOMAINS: domains
POSTFIX_myhostname: hostname
POSTFIX_mynetworks: smtp.trustedNetworks
POSTMESH_REDIS_URL: redis.url or secrets
RELAYHOST_PASSWORD: secrets
POSTMESH_S3_SECRET_KEY: secrets
OTEL_EXPORTER_OTLP_HEADERS: secrets
{{- end -}}

{{- define "postmesh.wrong.settings" -}}
{{- with .Values.env.POSTMESH_DELIVERY_STOP }}
{{- $most := eq $.Values.mode "distributed" | ternary 105 45 }}{{/* `stop` of postmesh.components, less 15 s */}}
{{- if or (not (regexMatch `^[0-9]+s$` (toString .))) (gt (toString . | trimSuffix "s" | int) $most) }}
env.POSTMESH_DELIVERY_STOP: {{ . }} cannot be kept: write whole seconds, {{ $most }}s at most, for 15 s after that the pod is killed
{{- end }}
{{- end }}
{{- $placed := include "postmesh.placed" . | fromYaml -}}
{{- range $name, $_ := .Values.env }}
{{- with get $placed (trimSuffix "_FILE" $name) }}
env.{{ $name }}: this chart sets it; use {{ . }} instead
{{- end }}
{{- end }}
{{- if contains "salt=" (.Values.env.ANONYMIZE_EMAILS | default "" | toString) }}
env.ANONYMIZE_EMAILS: its salt is a secret; use secrets instead
{{- end }}
{{- if eq .Values.image.tag "latest" }}
image.tag: latest is another image every day; name a version, or set image.digest
{{- end }}
{{- end -}}

{{- define "postmesh.wrong.secrets" -}}
{{- if and .Values.secrets.names (not .Values.secrets.existingSecret) }}
secrets.existingSecret: name the Secret that holds {{ join ", " .Values.secrets.names }}
{{- end }}
{{- if and .Values.secrets.existingSecret (not .Values.secrets.names) }}
secrets.names: say which entries of {{ .Values.secrets.existingSecret }} the mesh is to have, such as [POSTMESH_REDIS_URL]
{{- end }}
{{- $seen := list -}}
{{- range include "postmesh.secrets" . | fromYamlArray }}
{{- if has .name $seen }}
secrets: {{ .name }} is given twice; keep one of secrets.values, secrets.names and its own place (kafka.tls, kafka.sasl, redis.url)
{{- end }}
{{- $seen = append $seen .name -}}
{{- end }}
{{- if and .Values.redis.url (hasKey .Values.secrets.values "POSTMESH_REDIS_URL") }}
secrets.values.POSTMESH_REDIS_URL: redis.url is set, too; keep one of the two
{{- end }}
{{- if ne (empty .Values.kafka.sasl.user) (not (has "POSTMESH_KAFKA_PASSWORD" $seen)) }}
kafka.sasl: a user and a password go together; set kafka.sasl.user, and kafka.sasl.existingSecret or POSTMESH_KAFKA_PASSWORD in secrets
{{- end }}
{{- end -}}

{{- define "postmesh.wrong.domains" -}}
{{- $names := list -}}
{{- range .Values.domains -}}
  {{- $names = append $names .name -}}
{{- end -}}
{{- if ne (len $names) (uniq $names | len) }}
domains: a name is there twice
{{- end }}
{{- if not (or $names .Values.env.ALLOW_EMPTY_SENDER_DOMAINS) }}
domains: name those that may be in MAIL FROM, such as [{name: example.org}], or set env.ALLOW_EMPTY_SENDER_DOMAINS to "1" to allow every sender
{{- end }}
{{- end -}}

{{/*
The door reads no PROXY protocol and has no AUTH: a client is its address. Behind a load balancer or a node port that address may
be a node's or the balancer's own, so trusting their networks would make an open relay. Blocks shorter than /16 (/32 for IPv6) may hold
such networks without beginning like them.
*/}}
{{- define "postmesh.wrong.trust" -}}
{{- $private := `^(0|10|127|169\.254|172\.(1[6-9]|2[0-9]|3[01])|192\.168|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\.|^\[?(::|f[cde]|64:ff9b)` -}}
{{- $wide := `^[0-9.]+/([0-9]|1[0-5])$|:.*/([0-9]|[12][0-9]|3[01])$` -}}
{{- if ne .Values.smtp.service.type "ClusterIP" }}
{{- if and .Values.smtp.trustedNetworks (eq .Values.smtp.service.externalTrafficPolicy "Cluster") }}
smtp.service.externalTrafficPolicy: with Cluster a client has a node's address and its own is not seen, so smtp.trustedNetworks cannot tell clients from strangers; set it to Local, or trust nobody
{{- end }}
{{- range .Values.smtp.trustedNetworks }}
{{- if or (regexMatch $private (lower .)) (regexMatch $wide .) }}
smtp.trustedNetworks: {{ . }} may hold nodes or pods, and behind a {{ $.Values.smtp.service.type }} a stranger may come from their addresses: it would be an open relay. Name public networks of your clients, /16 or smaller, or set smtp.service.type to ClusterIP
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "postmesh.wrong.scaling" -}}
{{- range $name, $own := omit .Values.components "allInOne" }}
{{- if and (eq $.Values.mode "distributed") (ne $name "ingress") (not $own.autoscaling.enabled) (gt (int $own.replicas) (int $.Values.kafka.partitions)) }}
components.{{ $name }}.replicas: {{ $own.replicas }} pods share {{ $.Values.kafka.partitions }} partitions, and the rest would have none; lower it, or raise kafka.partitions (`postmesh partitions` raises those that are there)
{{- end }}
{{- with $own.autoscaling }}
{{- if .enabled }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}
components.{{ $name }}.autoscaling: minReplicas is more than maxReplicas
{{- end }}
{{- if and (ne $name "ingress") (gt (int .maxReplicas) (int $.Values.kafka.partitions)) }}
components.{{ $name }}.autoscaling.maxReplicas: {{ .maxReplicas }} pods share {{ $.Values.kafka.partitions }} partitions, and the rest would have none; lower it, or raise kafka.partitions (`postmesh partitions` raises those that are there)
{{- end }}
{{- if and (eq $name "delivery") (not .prometheus) }}
components.delivery.autoscaling.prometheus: KEDA asks a Prometheus how much mail could be delivered now; give its address, such as http://prometheus-operated.monitoring:9090
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "postmesh.wrong.audit" -}}
{{- if and .Values.audit.enabled (eq .Values.mode "allInOne") }}
audit.enabled: in mode allInOne Kafka is inside the pod, and no other pod reaches it; the pod audits itself each hour, and at any time by kubectl exec statefulset/{{ include "postmesh.fullname" . }} -- postmesh audit
{{- end }}
{{- end -}}

{{- define "postmesh.wrong.test" -}}
{{- if .Values.test.to }}
{{- if not (include "postmesh.testSender" .) }}
test.from: name the sender of the test mail; there is no domain to take one of
{{- end }}
{{- if ne .Values.smtp.service.type "ClusterIP" }}
test.to: behind a {{ .Values.smtp.service.type }} the door cannot trust pods, so the test's mail would be refused; leave it empty, and send from a client in smtp.trustedNetworks
{{- else if not .Values.smtp.trustedNetworks }}
test.to: nobody but the door's own pod may relay, so the test's mail would be refused; add the pod network to smtp.trustedNetworks, such as [10.42.0.0/16]
{{- end }}
{{- end }}
{{- end -}}
