package io.postmesh.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The contract with records that already lie in topics: one file for each kind, in hex. An old file must always decode
/// to the same values; and while the format is the same, the same values make the same bytes.
///
/// A file is added, never changed: a number in `mail.proto` means one thing for ever.
class GoldenFilesTest {
    private static final String MEASURED = "-measured"; // since records say how long their body is

    @TestFactory
    List<DynamicTest> mails() {
        var tests = new ArrayList<DynamicTest>();
        Samples.mails()
                .forEach((name, mail) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    assertSameBytes(name + MEASURED, RecordCodec.encode(mail));
                    assertThat(RecordCodec.decode(golden(name))).isEqualTo(mail);
                    assertThat(RecordCodec.decode(golden(name + MEASURED))).isEqualTo(mail);
                })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> outcomes() {
        var tests = new ArrayList<DynamicTest>();
        Samples.outcomes()
                .forEach((name, outcome) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    assertSameBytes(name, LedgerCodec.encode(outcome));
                    assertThat(LedgerCodec.outcome(golden(name))).isEqualTo(outcome);
                })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> waitingStates() {
        var tests = new ArrayList<DynamicTest>();
        Samples.waitings()
                .forEach((name, waiting) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    assertSameBytes(name, LedgerCodec.encode(waiting));
                    assertThat(LedgerCodec.waiting(golden(name))).isEqualTo(waiting);
                })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> journeys() {
        return List.of(DynamicTest.dynamicTest("journey", () -> {
            assertSameBytes("journey", LedgerCodec.encode(Samples.journey()));
            assertThat(LedgerCodec.journey(golden("journey"))).isEqualTo(Samples.journey());
        }));
    }

    @TestFactory
    List<DynamicTest> actionsAndAnswers() {
        var tests = new ArrayList<DynamicTest>();
        Samples.actions()
                .forEach((name, action) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    assertSameBytes(name, ControlCodec.encode(action));
                    assertThat(ControlCodec.action(golden(name))).isEqualTo(action);
                })));
        tests.add(DynamicTest.dynamicTest("answer", () -> {
            assertSameBytes("answer", ControlCodec.encode(Samples.answer()));
            assertThat(ControlCodec.answer(golden("answer"))).isEqualTo(Samples.answer());
        }));
        return tests;
    }

    private static void assertSameBytes(String name, byte[] bytes) throws IOException {
        assertThat(HexFormat.of().formatHex(bytes))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(golden(name)));
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = GoldenFilesTest.class.getResourceAsStream("/contract/v1/" + name + ".hex")) {
            assertThat(in).as("golden file " + name).isNotNull();
            var text = new String(in.readAllBytes(), US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        }
    }
}
