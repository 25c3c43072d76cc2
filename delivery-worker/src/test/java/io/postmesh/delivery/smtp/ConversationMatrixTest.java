package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.Extension;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.lab.sink.Stage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every stage of a conversation, and everything that can happen at it; with PIPELINING and without.
///
/// After each cell the fault is gone, and the next mail must find a session in its right state.
class ConversationMatrixTest {
    private static final List<Stage> STAGES =
            List.of(Stage.CONNECT, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # fault               | CONNECT                  | EHLO                     | MAIL                        | RCPT                          | DATA                        | DOT
            450 4.2.0 later       | Deferred PUT_OFF SITE    | Deferred PUT_OFF SITE    | Deferred PUT_OFF MESSAGE    | Deferred PUT_OFF RECIPIENT    | Deferred PUT_OFF MESSAGE    | Deferred PUT_OFF MESSAGE
            550 5.7.1 never       | Deferred REFUSED SITE    | Delivered                | Failed REFUSED MESSAGE      | Failed REFUSED RECIPIENT      | Failed REFUSED MESSAGE      | Failed REFUSED MESSAGE
            421 4.3.2 closing     | Deferred PUT_OFF SITE    | Deferred PUT_OFF SITE    | Deferred PUT_OFF SESSION    | Deferred PUT_OFF SESSION      | Deferred PUT_OFF SESSION    | Deferred PUT_OFF SESSION
            451 4.7.1 greylisted  | Deferred GREYLISTED SITE | Deferred GREYLISTED SITE | Deferred GREYLISTED MESSAGE | Deferred GREYLISTED RECIPIENT | Deferred GREYLISTED MESSAGE | Deferred GREYLISTED MESSAGE
            552 5.2.2 too many    | Deferred REFUSED SITE    | Delivered                | Failed REFUSED MESSAGE      | Deferred PUT_OFF RECIPIENT    | Failed REFUSED MESSAGE      | Failed REFUSED MESSAGE
            354 go on             | Deferred PROTOCOL SESSION | Deferred PROTOCOL SESSION | Deferred PROTOCOL SESSION | Deferred PROTOCOL SESSION     | Delivered                   | Deferred PROTOCOL SESSION
            garbage               | Deferred PROTOCOL SITE   | Deferred PROTOCOL SITE   | Deferred PROTOCOL SESSION   | Deferred PROTOCOL SESSION     | Deferred PROTOCOL SESSION   | Deferred PROTOCOL SESSION
            drop                  | Deferred LOST_CONNECTION SITE | Deferred LOST_CONNECTION SITE | Deferred LOST_CONNECTION SESSION | Deferred LOST_CONNECTION SESSION | Deferred LOST_CONNECTION SESSION | Deferred LOST_CONNECTION SESSION
            reset                 | Deferred LOST_CONNECTION SITE | Deferred LOST_CONNECTION SITE | Deferred LOST_CONNECTION SESSION | Deferred LOST_CONNECTION SESSION | Deferred LOST_CONNECTION SESSION | Deferred LOST_CONNECTION SESSION
            silence               | Deferred TIMEOUT SITE    | Deferred TIMEOUT SITE    | Deferred TIMEOUT SESSION    | Deferred TIMEOUT SESSION      | Deferred TIMEOUT SESSION    | Deferred TIMEOUT SESSION
            """)
    void atEveryStage(String fault, String connect, String ehlo, String mail, String rcpt, String data, String dot) {
        var wanted = new LinkedHashMap<String, String>();
        var row = List.of(connect, ehlo, mail, rcpt, data, dot);
        for (int i = 0; i < STAGES.size(); i++) {
            // A sink in lockstep cannot tell what a stray 354 to DATA's forerunners was for; the verdict is the same.
            wanted.put(STAGES.get(i) + " pipelined", row.get(i) + ", then Delivered");
            wanted.put(STAGES.get(i) + " lockstep", row.get(i) + ", then Delivered");
        }
        assertThat(played(fault)).containsExactlyInAnyOrderEntriesOf(wanted);
    }

    private static Map<String, String> played(String fault) {
        var seen = new ConcurrentHashMap<String, String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var stage : STAGES) {
                threads.execute(() -> seen.put(stage + " pipelined", played(stage, fault, new SinkOptions())));
                var lockstep = new SinkOptions().hide(Extension.PIPELINING);
                threads.execute(() -> seen.put(stage + " lockstep", played(stage, fault, lockstep)));
            }
        }
        return seen;
    }

    private static String played(Stage stage, String fault, SinkOptions options) {
        var patience = fault.equals("silence") ? Duration.ofSeconds(3) : Duration.ofSeconds(30);
        try (var sink = SmtpSink.start(options);
                var bench = Bench.relayTo(sink.port()).patience(patience).open()) {
            sink.rules().add("* " + stage + " first 1 " + fault);
            var first = Bench.only(bench.carry(Letters.to("ok@one.test")));
            sink.rules().clear();
            return words(first) + ", then " + words(Bench.only(bench.carry(Letters.to("ok@two.test"))));
        }
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Delivered _ -> "Delivered";
            case Verdict.Failed failed -> "Failed " + failed.reason() + " " + failed.scope();
            case Verdict.Deferred deferred -> "Deferred " + deferred.reason() + " " + deferred.scope();
            case Verdict.NotSent notSent -> "NotSent " + notSent.reason();
        };
    }
}
