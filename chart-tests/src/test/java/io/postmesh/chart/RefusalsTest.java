package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Helm says of values that cannot work, before anything is in the cluster.
final class RefusalsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bogus: 1",
                "image: {bogus: 1}",
                "secrets: {bogus: 1}",
                "kafka: {bogus: 1}",
                "kafka: {clientConfig: {bogus: 1}}",
                "redis: {bogus: 1}",
                "blobs: {bogus: 1}",
                "blobs: {s3: {bogus: 1}}",
                "smtp: {bogus: 1}",
                "smtp: {service: {bogus: 1}}",
                "persistence: {bogus: 1}",
                "components: {bogus: {}}",
                "components: {allInOne: {bogus: 1}}",
                "components: {ingress: {bogus: 1}}",
                "components: {policy: {bogus: 1}}",
                "components: {signer: {bogus: 1}}",
                "components: {delivery: {bogus: 1}}",
                "components: {ingress: {autoscaling: {bogus: 1}}}",
                "components: {policy: {autoscaling: {bogus: 1}}}",
                "components: {delivery: {autoscaling: {bogus: 1}}}",
                "components: {signer: {resources: {bogus: 1}}}",
                "networkPolicy: {bogus: 1}",
                "metrics: {bogus: 1}",
                "metrics: {serviceMonitor: {bogus: 1}}",
                "metrics: {prometheusRule: {bogus: 1}}",
                "metrics: {dashboards: {bogus: 1}}",
                "serviceAccount: {bogus: 1}",
                "test: {bogus: 1}",
                "audit: {bogus: 1}",
                "domains: [{name: example.org, bogus: 1}]",
                "domains: [{name: example.org, dkim: {selector: s, existingSecret: x, bogus: 1}}]",
            })
    void a_key_that_nobody_reads_is_named(String values) throws IOException {
        assertThat(Chart.refusalDistributed(values)).contains("bogus").contains("additional");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mode: cluster                                                     | /mode
            image: {pullPolicy: Sometimes}                                    | /image/pullPolicy
            image: {digest: abc}                                              | /image/digest
            hostname: "two words"                                             | /hostname
            domains: [{name: "not a domain"}]                                 | /domains/0/name
            domains: [{dkim: {selector: s, existingSecret: x}}]               | name
            env: {POSTFIX_x: [1]}                                             | /env/POSTFIX_x
            env: {"NO-NAME": "1"}                                             | NO-NAME
            secrets: {values: {RELAYHOST_PASSWORD: 1234}}                     | /secrets/values/RELAYHOST_PASSWORD
            kafka: {bootstrapServers: kafka}                                  | /kafka/bootstrapServers
            kafka: {securityProtocol: TLS}                                    | /kafka/securityProtocol
            kafka: {sasl: {mechanism: GSSAPI}}                                | /kafka/sasl/mechanism
            kafka: {partitions: "48"}                                         | /kafka/partitions
            redis: {url: "http://redis"}                                      | /redis/url
            blobs: {store: mail-bodies}                                       | /blobs/store
            smtp: {trustedNetworks: [10.42.0.0]}                              | /smtp/trustedNetworks/0
            smtp: {trustedNetworks: [10.42.0.256/24]}                         | /smtp/trustedNetworks/0
            smtp: {service: {port: 0}}                                        | /smtp/service/port
            smtp: {service: {type: ExternalName}}                             | /smtp/service/type
            components: {policy: {replicas: 0}}                               | /components/policy/replicas
            components: {signer: {resources: {cpu: 1}}}                       | /components/signer/resources
            components: {delivery: {maxUnavailable: 0}}                       | /components/delivery/maxUnavailable
            components: {delivery: {autoscaling: {minReplicas: 1}}}           | /components/delivery/autoscaling/minReplicas
            metrics: {serviceMonitor: {interval: 30}}                         | /metrics/serviceMonitor/interval
            audit: {schedule: hourly}                                         | /audit/schedule
            audit: {since: never}                                             | /audit/since
            test: {to: nobody}                                                | /test/to
            """)
    void a_value_of_the_wrong_kind_is_named(String values, String where) throws IOException {
        assertThat(Chart.refusalDistributed(values)).contains(where);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka: {bootstrapServers: ""}                                     | kafka.bootstrapServers: name the brokers
            redis: {url: ""}                                                  | redis.url: name the Redis
            blobs: {store: ""}                                                | set blobs.store to s3://bucket/prefix, or blobs.existingClaim
            blobs: {existingClaim: bodies}                                    | keep one
            env: {DKIM_AUTOGENERATE: "1"}                                     | domains[].dkim.existingSecret
            mode: allInOne                                                    | set mode to distributed, or remove
            domains: []                                                       | set env.ALLOW_EMPTY_SENDER_DOMAINS
            domains: [{name: example.org}, {name: example.org}]               | domains: a name is there twice
            env: {POSTFIX_mynetworks: 10.0.0.0/8}                             | use smtp.trustedNetworks instead
            env: {POSTMESH_REDIS_URL_FILE: /x}                                | use redis.url or secrets instead
            env: {RELAYHOST_PASSWORD: hunter2}                                | use secrets instead
            env: {ANONYMIZE_EMAILS: "hash?salt=x"}                            | env.ANONYMIZE_EMAILS: its salt is a secret
            image: {tag: latest}                                              | image.tag: latest is another image every day
            secrets: {names: [RELAYHOST_PASSWORD]}                            | name the Secret that holds RELAYHOST_PASSWORD
            secrets: {existingSecret: x}                                      | secrets.names: say which entries of x
            secrets: {existingSecret: x, names: [POSTMESH_REDIS_URL]}         | secrets: POSTMESH_REDIS_URL is given twice
            secrets: {values: {POSTMESH_REDIS_URL: "redis://x"}}              | redis.url is set, too
            env: {POSTMESH_KAFKA_PASSWORD_FILE: /x}                           | use kafka.sasl.existingSecret instead
            kafka: {sasl: {user: postmesh}}                                   | kafka.sasl: a user and a password go together
            kafka: {sasl: {existingSecret: x}}                                | kafka.sasl: a user and a password go together
            secrets: {values: {POSTMESH_KAFKA_PASSWORD: x}}                   | kafka.sasl: a user and a password go together
            components: {policy: {autoscaling: {enabled: true, minReplicas: 9}}}       | minReplicas is more than maxReplicas
            components: {signer: {autoscaling: {enabled: true, maxReplicas: 60}}}      | 60 pods share 48 partitions
            components: {policy: {replicas: 49}}                              | components.policy.replicas: 49 pods share 48 partitions
            {components: {delivery: {replicas: 9}}, kafka: {partitions: 8}}   | components.delivery.replicas: 9 pods share 8 partitions
            env: {POSTMESH_DELIVERY_STOP: 106s}                               | env.POSTMESH_DELIVERY_STOP: 106s cannot be kept: write whole seconds, 105s at most
            env: {POSTMESH_DELIVERY_STOP: 5m}                                 | env.POSTMESH_DELIVERY_STOP: 5m cannot be kept
            components: {delivery: {autoscaling: {enabled: true}}}            | components.delivery.autoscaling.prometheus: KEDA asks
            """)
    void values_that_do_not_fit_together_are_told_with_what_to_do(String values, String what) throws IOException {
        assertThat(Chart.refusalDistributed(values)).contains(what);
    }

    @Test
    void a_job_cannot_audit_a_kafka_inside_another_pod() throws IOException {
        assertThat(Chart.refusal("domains: [{name: example.org}]\naudit: {enabled: true}"))
                .contains(
                        "audit.enabled: in mode allInOne", "kubectl exec statefulset/mesh-postmesh -- postmesh audit");
    }

    @Test
    void a_test_mail_needs_a_sender() throws IOException {
        assertThat(Chart.refusal("""
                env: {ALLOW_EMPTY_SENDER_DOMAINS: "1"}
                test: {to: postmaster@example.net}
                """)).contains("test.from: name the sender");
    }

    /// It would be red for ever.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {service: {type: LoadBalancer}, trustedNetworks: [198.51.100.0/24]} | test.to: behind a LoadBalancer the door cannot trust pods
            {service: {type: NodePort}}                                         | test.to: behind a NodePort the door cannot trust pods
            {}                                                                  | test.to: nobody but the door's own pod may relay
            """)
    void a_test_mail_that_the_door_would_refuse_is_refused_at_once(String smtp, String what) throws IOException {
        var values = "test: {to: postmaster@example.net}\nsmtp: " + smtp;
        assertThat(Chart.refusalDistributed(values)).contains(what);
        assertThat(Chart.refusal("domains: [{name: example.org}]\n" + values)).contains(what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{securityProtocol: SSL}",
                "{sasl: {user: x}}",
                "{tls: {ca: {existingSecret: x}}}",
                "{clientConfig: {existingSecret: x}}"
            })
    void one_pod_with_a_kafka_of_its_own_has_no_use_for_another_ones_passwords(String kafka) throws IOException {
        assertThat(Chart.refusal("domains: [{name: example.org}]\nkafka: " + kafka))
                .contains("mode: allInOne has a Kafka and a Redis of its own");
    }

    @Test
    void all_that_is_wrong_is_told_at_once() throws IOException {
        assertThat(Chart.refusal("mode: distributed"))
                .contains("kafka.bootstrapServers:", "redis.url:", "blobs:", "domains:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.42.0.0/16",
                "172.16.0.0/16",
                "172.31.4.0/24",
                "192.168.1.0/24",
                "100.64.0.0/16",
                "100.127.0.0/16",
                "169.254.0.0/16",
                "127.0.0.0/16",
                "0.0.0.0/0",
                "8.0.0.0/5",
                "172.0.0.0/8",
                "192.0.0.0/9",
                "198.51.0.0/15",
                "fd00::/48",
                "[fd00:1::]/64",
                "FE80::/64",
                "::/0",
                "2001::/16",
                "2000::/3",
                "::ffff:10.0.0.0/112",
                "64:ff9b::/96",
            })
    void networks_of_nodes_and_pods_are_not_trusted_where_strangers_may_look_like_them(String network)
            throws IOException {
        for (var type : new String[] {"LoadBalancer", "NodePort"})
            assertThat(Chart.refusalDistributed(smtp(network, type)))
                    .contains(
                            "smtp.trustedNetworks: " + network + " may hold nodes or pods",
                            "set smtp.service.type to ClusterIP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.0/24",
                "203.0.0.0/16",
                "172.32.0.0/16",
                "100.128.0.0/16",
                "192.0.2.7/32",
                "2001:db8::/32",
                "[2001:db8::]/48"
            })
    void public_networks_of_clients_are_trusted_everywhere(String network) throws IOException {
        var rendered = Chart.renderDistributed(smtp(network, "LoadBalancer"));
        assertThat(rendered.settings()).containsEntry("POSTFIX_mynetworks", network);
    }

    /// An empty setting would be its default, loopback, from where a sidecar hands over everybody.
    @ParameterizedTest
    @ValueSource(strings = {"LoadBalancer", "NodePort"})
    void a_door_that_faces_outside_and_trusts_nobody_does_not_trust_loopback_either(String type) throws IOException {
        var rendered = Chart.renderDistributed("smtp: {service: {type: " + type + "}}");
        assertThat(rendered.settings()).containsEntry("POSTFIX_mynetworks", "0.0.0.0/32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LoadBalancer", "NodePort"})
    void nobody_is_trusted_where_clients_are_hidden_behind_nodes(String type) throws IOException {
        var hidden = "smtp: {trustedNetworks: [%s], service: {type: %s, externalTrafficPolicy: Cluster}}";
        assertThat(Chart.refusalDistributed(hidden.formatted("198.51.100.0/24", type)))
                .contains("smtp.service.externalTrafficPolicy:", "set it to Local, or trust nobody");
        Chart.renderDistributed(hidden.formatted("", type));
        Chart.renderDistributed(hidden.formatted("198.51.100.0/24", "ClusterIP")); // has no such policy
    }

    @Test
    void apps_of_the_cluster_are_trusted_by_a_door_that_only_they_reach() throws IOException {
        var rendered = Chart.renderDistributed(smtp("10.42.0.0/16", "ClusterIP"));
        assertThat(rendered.settings()).containsEntry("POSTFIX_mynetworks", "127.0.0.0/8 [::1]/128 10.42.0.0/16");
    }

    private static String smtp(String network, String type) {
        return "smtp: {trustedNetworks: [\"" + network + "\"], service: {type: " + type + "}}";
    }
}
