package io.postmesh.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.postmesh.contract.Selector.Match;
import io.postmesh.contract.Selector.Sender;
import io.postmesh.contract.proto.ActionV1;
import io.postmesh.mail.MailId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final Traits MAIL = of(Samples.tagged().envelope());

    private static Traits of(Envelope envelope) {
        return Traits.of(envelope, envelope.recipients());
    }

    private static Selector domain(String name) {
        return new Selector(
                false, Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Selector sender(String text) {
        return new Selector(
                false,
                Optional.empty(),
                Optional.of(Sender.parse(text)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void nothingGivenIsRefusedAndSoIsEverythingAndMore() {
        Optional<String> none = Optional.empty();
        assertThatThrownBy(() -> new Selector(false, none, Optional.empty(), none, Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Selector(
                        true, Optional.of("one.test"), Optional.empty(), none, Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allThatIsGivenMustMatch() {
        assertThat(Selector.ALL.matches(MAIL)).isTrue();
        assertThat(domain("one.test").matches(MAIL)).isTrue();
        assertThat(domain("two.test").matches(MAIL)).isFalse();
        var both = new Selector(
                false,
                Optional.of("one.test"),
                Optional.of(Sender.parse("example.com")),
                Optional.of("rule"),
                Tag.of("news"),
                Optional.of(Samples.ID));
        assertThat(both.matches(MAIL)).isTrue();
        var another = new Selector(
                false,
                both.domain(),
                both.sender(),
                both.rule(),
                both.tag(),
                Optional.of(new MailId("01BX5ZZKBKACTAV9WEVGEMMVS0")));
        assertThat(another.matches(MAIL)).isFalse();
    }

    @Test
    void aSenderIsAnAddressADomainOrNobody() {
        assertThat(sender("ANN@Example.com").matches(MAIL)).isTrue();
        assertThat(sender("bob@example.com").matches(MAIL)).isFalse();
        assertThat(sender("example.com").matches(MAIL)).isTrue();
        assertThat(sender("<>").matches(MAIL)).isFalse();
        var report = Samples.byTheMesh().envelope();
        assertThat(sender("<>").matches(of(report))).isTrue();
        for (var wrong : List.of(
                "@", "ann@", "a b", "", "a\u001b[31mX\nforged line@example.com", "x".repeat(65) + "@example.com"))
            assertThatThrownBy(() -> Sender.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStateSaysTheSameAsItsMailAndSaysSoWhenItDoesNotKnow() {
        var state = Samples.marked(); // through a relay, to one.test, two.test and others
        assertThat(domain("two.test").match(Traits.of(state))).isEqualTo(Match.UNSURE); // is it delivered already?
        assertThat(domain("relayhost").match(Traits.of(state))).isEqualTo(Match.YES);
        assertThat(domain("three.test").match(Traits.of(state))).isEqualTo(Match.UNSURE);
        var plain = Samples.waiting(Optional.empty(), Optional.empty());
        assertThat(domain("one.test").match(Traits.of(plain))).isEqualTo(Match.YES);
        assertThat(domain("three.test").match(Traits.of(plain))).isEqualTo(Match.NO);
    }

    @Test
    void aStateKeepsAsManyDomainsAsItHasRoomForAndSaysThatThereAreMore() {
        var to = new ArrayList<Recipient>();
        for (int i = 0; i < 50; i++) to.add(new Recipient(i, Samples.address("a@domain-" + i + ".test")));
        var clearance = Samples.cleared(Route.RELAYHOST, "relayhost", Optional.empty(), Optional.empty())
                .envelope()
                .clearance()
                .orElseThrow();
        var marks = Waiting.Marks.of(Samples.envelope().cleared(to, clearance), to);
        assertThat(marks.domains()).hasSizeBetween(8, 15);
        assertThat(marks.more()).isTrue();
        var one = Waiting.Marks.of(
                Samples.tagged().envelope(), Samples.tagged().envelope().recipients());
        assertThat(one.domains()).isEmpty(); // the destination says it
        assertThat(one).isEqualTo(new Waiting.Marks("ann", "rule", "news", List.of(), false));
    }

    @Test
    void aTagIsOneVisibleWord() {
        assertThat(Tag.of("  welcome mail ").orElseThrow().text()).isEqualTo("welcome-mail");
        assertThat(Tag.of("grüße").orElseThrow().text()).isEqualTo("gr--e");
        assertThat(Tag.of("x".repeat(100)).orElseThrow().text()).hasSize(64);
        assertThat(Tag.of(" \t")).isEmpty();
    }

    @Test
    void aRuleWithoutANameSelectsNothingMoreThanWasMeant() {
        assertThatThrownBy(() -> rule(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rule("a\u001b[31mX\nforged")).isInstanceOf(IllegalArgumentException.class);
        assertThat(rule("x".repeat(100))).isEqualTo(rule("x".repeat(64))); // as states keep it
    }

    private static Selector rule(String name) {
        return new Selector(
                false,
                Optional.of("one.test"),
                Optional.empty(),
                Optional.of(name),
                Optional.empty(),
                Optional.empty());
    }

    /// Every owner keeps what stands: a thousand records of the size Kafka takes would be the end of each.
    @Test
    void anActionIsSmallAndWhoAskedIsOneLine() throws BadRecord, InvalidProtocolBufferException {
        var whole = action("ann@host");
        assertThat(ControlCodec.action(ControlCodec.encode(whole))).isEqualTo(whole);
        var padding = ActionV1.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1_000,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[9_000]))
                                        .build())
                        .build());
        var huge = ActionV1.parseFrom(ControlCodec.encode(whole)).toBuilder()
                .mergeFrom(padding.build())
                .build()
                .toByteArray();
        assertThatThrownBy(() -> ControlCodec.action(huge)).isInstanceOf(BadRecord.class);
        for (var who : List.of("ann\n2026-11-27 forged", "x".repeat(100_000)))
            assertThatThrownBy(() -> action(who)).isInstanceOf(IllegalArgumentException.class);
    }

    /// What every owner would refuse is refused to who asks.
    @Test
    void noActionIsWrittenThatIsTooLargeToBeRead() throws BadRecord {
        var largest = action(domain("x".repeat(8_000)), "a test", "ann");
        assertThat(ControlCodec.action(ControlCodec.encode(largest))).isEqualTo(largest);
        var larger = action(domain("x".repeat(8_192)), "a test", "ann");
        assertThatThrownBy(() -> ControlCodec.encode(larger)).isInstanceOf(IllegalArgumentException.class);
    }

    /// It is read on the terminals of others.
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\u001b[31m", "\u202e", "\u061c", "\u200b", "\u2028", "\u2029"})
    void whatBreaksALineHidesOrTurnsItAroundIsNoPartOfAReason(String evil) {
        assertThatThrownBy(() -> action(Selector.ALL, "a" + evil + "test", "ann"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> action("an" + evil + "n")).isInstanceOf(IllegalArgumentException.class);
        assertThat(action(Selector.ALL, "für Грета, 屋企", "ann").reason()).isEqualTo("für Грета, 屋企");
    }

    private static Action action(String by) {
        return action(Selector.ALL, "a test", by);
    }

    private static Action action(Selector selector, String reason, String by) {
        return new Action(
                new ActionId(Samples.ID.text()),
                Action.Verb.HOLD,
                selector,
                reason,
                by,
                Duration.ofHours(1),
                false,
                1,
                0);
    }
}
