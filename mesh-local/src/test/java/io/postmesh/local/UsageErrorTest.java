package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a command says to words it does not understand.
class UsageErrorTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            queue cancel --reason x                            | --all
            queue cancel --all --domain one.test --reason x    | --all is everything
            queue cancel --all                                 | --reason
            queue cancel --domain one.test --tag E --reason x  | --tag is empty
            queue cancel --domain one.test --tag B --reason x  | --tag is empty
            queue cancel --domain E --reason x                 | --domain is empty
            queue cancel --sender E --reason x                 | --sender is empty: say which (the null sender is <>)
            queue cancel --rule E --reason x                   | --rule is empty
            queue cancel --id E --reason x                     | --id is empty
            queue list --tag E                                 | --tag is empty
            queue summary --domain E                           | --domain is empty
            queue suspend --sender a@ --reason x               | --sender a@
            queue list --limit -3                              | --limit -3: 1 or more
            queue suspend --all --rate 5 --reason x            | --rate
            queue hold --all --rate 5 --reason x               | --rate
            queue bounce --all --rate 5 --reason x             | --rate
            queue cancel --all --rate 5 --reason x             | --rate
            queue                                              | summary
            queue end nonsense                                 | nonsense is no action's id
            service nonsense                                   | only ingress, policy, signer, delivery
            audit --since never                                | --since
            partitions --raise-to 0                            | --raise-to
            """)
    void itIsOneSentenceThatNamesTheOptionAndWhereHelpIs(String line, String sentence) {
        var words = line.split(" ");
        for (int i = 0; i < words.length; i++)
            words[i] = words[i].equals("E") ? "" : words[i].equals("B") ? "  " : words[i];
        var err = new StringWriter();
        int code = Main.commands().setErr(new PrintWriter(err)).execute(words);
        assertThat(code).as(err.toString()).isEqualTo(Main.USAGE);
        assertThat(err.toString().lines()).hasSize(2);
        assertThat(err.toString()).startsWith("postmesh: ").contains(sentence);
        assertThat(err.toString().lines().toList().getLast())
                .startsWith("try 'postmesh " + words[0])
                .endsWith(" --help'");
    }

    // Nobody listens on port 1.
    @Test
    void thatKafkaIsAwayIsSaidInTheSameWordsAndSoon() {
        var asked = List.of("queue summary", "queue why 01BX5ZZKBKACTAV9WEVGEMMVS0", "audit", "partitions");
        var said = asked.stream()
                .map(command -> CompletableFuture.supplyAsync(() -> {
                    var err = new StringWriter();
                    int code = Main.commands()
                            .setErr(new PrintWriter(err))
                            .execute((command + " -s POSTMESH_KAFKA_BOOTSTRAP=127.0.0.1:1").split(" "));
                    return code + " " + err.toString().strip();
                }))
                .toList();
        assertThat(said)
                .allSatisfy(one -> assertThat(one)
                        .succeedsWithin(Duration.ofSeconds(60))
                        .isEqualTo("1 postmesh: Kafka at 127.0.0.1:1 does not answer;"
                                + " check POSTMESH_KAFKA_BOOTSTRAP and the brokers"));
    }
}
