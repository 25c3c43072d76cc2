{{/* Settings that are no secrets, as NAME: value. What has a place of its own in values.yaml comes from there. */}}
{{- define "postmesh.settings" -}}
{{- $settings := dict "POSTFIX_mynetworks" (concat (list "127.0.0.0/8" "[::1]/128") .Values.smtp.trustedNetworks | join " ") -}}
{{- with .Values.hostname -}}
  {{- $_ := set $settings "POSTFIX_myhostname" . -}}
{{- end -}}
{{- if not .Values.env.LOG_FORMAT -}}
  {{- $_ := set $settings "POSTMESH_LOG_FORMAT" .Values.logFormat -}}
{{- end -}}
{{- $_ := include "postmesh.domainSettings" . | fromYaml | merge $settings -}}
{{- $_ := include "postmesh.blobSettings" . | fromYaml | merge $settings -}}
{{- if eq .Values.mode "distributed" -}}
  {{- $_ := set $settings "POSTMESH_KAFKA_BOOTSTRAP" .Values.kafka.bootstrapServers -}}
  {{- $_ := set $settings "POSTMESH_KAFKA_REPLICAS" (.Values.kafka.replicas | int | toString) -}}
  {{- $_ := set $settings "POSTMESH_ACCEPTED_PARTITIONS" (.Values.kafka.partitions | int | toString) -}}
  {{- $_ := set $settings "POSTMESH_OWNER_PARTITIONS" (.Values.kafka.partitions | int | toString) -}}
{{- end -}}
{{- range $name, $value := .Values.env -}}
  {{- $_ := set $settings $name ($value | toString) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{- define "postmesh.domainSettings" -}}
{{- with .Values.domains -}}
{{- $names := list -}}
{{- $selectors := list "mail" -}}
{{- range . -}}
  {{- $names = append $names .name -}}
  {{- if .dkim -}}
    {{- $selectors = printf "%s=%s" .name .dkim.selector | append $selectors -}}
  {{- end -}}
{{- end -}}
ALLOWED_SENDER_DOMAINS: {{ join " " $names | quote }}
{{- if gt (len $selectors) 1 }}
DKIM_SELECTOR: {{ join "," $selectors | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "postmesh.blobSettings" -}}
{{- with .Values.blobs -}}
{{- if .store -}}
POSTMESH_BLOB_STORE: {{ .store | quote }}
POSTMESH_S3_REGION: {{ .s3.region | quote }}
POSTMESH_S3_PATH_STYLE: {{ .s3.pathStyle | quote }}
{{- with .s3.endpoint }}
POSTMESH_S3_ENDPOINT: {{ . | quote }}
{{- end -}}
{{- else if .existingClaim -}}
POSTMESH_BLOBS: /var/lib/postmesh-blobs
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Secret settings the release keeps itself, as NAME: value. */}}
{{- define "postmesh.ownSecrets" -}}
{{- $own := deepCopy .Values.secrets.values -}}
{{- with .Values.redis.url -}}
  {{- $_ := set $own "POSTMESH_REDIS_URL" . -}}
{{- end -}}
{{- toYaml $own -}}
{{- end -}}

{{/*
The secret settings a component is handed, each with the Secret that holds it, as a list. The relay's password is delivery's
alone: who breaks into the door must not find it. (dict "root" $ "facts" $facts)
*/}}
{{- define "postmesh.secretsOf" -}}
{{- $all := list -}}
{{- range $name, $_ := include "postmesh.ownSecrets" .root | fromYaml -}}
  {{- $all = dict "name" $name "secret" (include "postmesh.fullname" $.root) | append $all -}}
{{- end -}}
{{- range $name := .root.Values.secrets.names -}}
  {{- $all = dict "name" $name "secret" $.root.Values.secrets.existingSecret | append $all -}}
{{- end -}}
{{- $handed := list -}}
{{- range $all -}}
  {{- if or $.facts.delivers (not (hasPrefix "RELAYHOST_" .name)) -}}
    {{- $handed = append $handed . -}}
  {{- end -}}
{{- end -}}
{{- toYaml $handed -}}
{{- end -}}

{{/* The domains that have keys in a Secret, as a list. */}}
{{- define "postmesh.keyed" -}}
{{- $keyed := list -}}
{{- range .Values.domains -}}
  {{- if .dkim -}}
    {{- $keyed = append $keyed . -}}
  {{- end -}}
{{- end -}}
{{- toYaml $keyed -}}
{{- end -}}
