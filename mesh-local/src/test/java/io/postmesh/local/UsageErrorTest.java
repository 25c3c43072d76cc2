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
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
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
            audit --since 0s                                   | --since 0s: nobody can be in it
            partitions --raise-to 0                            | --raise-to
            selftest --mails 0                                 | --mails 0: 1 or more
            load --rate -1                                     | rate: 0 or more messages a second, not -1
            load --sessions 0                                  | sessions: at least 1
            load --server nowhere                              | --server: write host:port
            sink --listen 0.0.0.0:0                            | say --beyond-loopback
            sink --listen nowhere                              | --listen: write host:port
            send --to notanaddress                             | --to notanaddress is no mail address
            send --to a@one.test --from me                     | --from me is no mail address
            queue nosuch                                       | 'nosuch' is no command of 'postmesh queue'; there are
            queue list nosuch                                  | 'nosuch' is a word too many for 'postmesh queue list'
            queue list --limits 3                              | is no option of 'postmesh queue list'; did you mean --limit
            queue list --limit many                            | 'many' is no whole number
            load --rate fast                                   | 'fast' is no number
            service                                            | write one of ingress, policy, signer, delivery
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

    @Test
    void aCommandThatDoesNotExistIsToldThoseThatDo() {
        var err = new StringWriter();
        assertThat(Main.commands().setErr(new PrintWriter(err)).execute("dance"))
                .isEqualTo(Main.USAGE);
        assertThat(err.toString()).startsWith("postmesh: 'dance' is no command of 'postmesh'; there are dev, run, ");
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
