package io.postmesh.contract;

import io.postmesh.mail.Domain;
import io.postmesh.mail.LogText;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import java.util.Locale;
import java.util.Optional;

/// Which mail an action is about. All that is given must match; nothing given is refused, everything must be said.
///
/// @param all    everything; then nothing else is given
/// @param domain of a recipient, or the name of a destination (a relay's)
/// @param sender whose
public record Selector(
        boolean all,
        Optional<String> domain,
        Optional<Sender> sender,
        Optional<String> rule,
        Optional<Tag> tag,
        Optional<MailId> id) {
    public static final Selector ALL = new Selector(
            true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// Whose mail.
    public sealed interface Sender {
        /// Reports: `<>`.
        record Nobody() implements Sender {}

        /// @param name canonical
        record Of(String name) implements Sender {}

        /// @param local in lower case: nobody has two mailboxes that differ by it
        record Mailbox(String local, String domain) implements Sender {}

        /// @throws IllegalArgumentException when it is neither an address, nor a domain, nor `<>`
        static Sender parse(String text) {
            if (text.equals("<>")) return new Nobody();
            int at = text.lastIndexOf('@');
            var domain = Domain.parse(text.substring(at + 1))
                    .orElseThrow(() -> new IllegalArgumentException("write an address, a domain, or <>"));
            if (at < 0) return new Of(domain.name());
            // What no mail can have as its sender would only be shown to others.
            var mailbox = MailAddress.parse(text.substring(0, at).toLowerCase(Locale.ROOT) + "@" + domain.name())
                    .orElseThrow(() -> new IllegalArgumentException("write an address, a domain, or <>"));
            return new Mailbox(mailbox.local(), domain.name());
        }

        /// Whether it means everybody whom the other one means.
        default boolean covers(Sender other) {
            return equals(other)
                    || this instanceof Of whole
                            && other instanceof Mailbox one
                            && whole.name().equals(one.domain());
        }

        default String text() {
            return switch (this) {
                case Nobody() -> "<>";
                case Of(var name) -> name;
                case Mailbox(var local, var domain) -> local + "@" + domain;
            };
        }

        default boolean matches(Traits mail) {
            return switch (this) {
                case Nobody() -> mail.isReport();
                case Of(var name) -> name.equals(mail.senderDomain());
                case Mailbox(var local, var domain) ->
                    domain.equals(mail.senderDomain())
                            && local.equals(mail.senderLocal().toLowerCase(Locale.ROOT));
            };
        }
    }

    /// Whether a mail is meant.
    public enum Match {
        YES,
        NO,
        /// Only the mail itself knows: its state does not tell which of several domains is still waited for.
        UNSURE
    }

    public Selector {
        // Nothing in its place would select more than was meant: a word that is missing in a script, say.
        if (rule.filter(String::isBlank).isPresent()) throw new IllegalArgumentException("a rule has a name");
        if (rule.filter(name -> !LogText.isOneLine(name)).isPresent())
            throw new IllegalArgumentException("the name of a rule is one line");
        rule = rule.map(Waiting.Marks::cut); // as states keep it
        boolean some =
                domain.isPresent() || sender.isPresent() || rule.isPresent() || tag.isPresent() || id.isPresent();
        if (all == some)
            throw new IllegalArgumentException(
                    all ? "everything is everything: give no other selector" : "say which mail, or say all");
    }

    public Match match(Traits mail) {
        if (all) return Match.YES;
        boolean rest = id.map(mail.id()::equals).orElse(true)
                && sender.map(who -> who.matches(mail)).orElse(true)
                && rule.map(mail.rule()::equals).orElse(true)
                && tag.map(word -> word.text().equals(mail.tag())).orElse(true);
        if (!rest) return Match.NO;
        if (domain.isEmpty() || mail.destination().equals(domain.get())) return Match.YES;
        if (mail.domains().contains(domain.get())) return mail.exact() ? Match.YES : Match.UNSURE;
        return mail.more() ? Match.UNSURE : Match.NO;
    }

    public boolean matches(Traits mail) {
        return match(mail) == Match.YES;
    }

    /// Whether it says that it means reports: by their sender, or one by its id.
    boolean namesReports() {
        return id.isPresent() || sender.filter(Sender.Nobody.class::isInstance).isPresent();
    }

    /// Whether all mail of the other one is its own, too.
    public boolean covers(Selector other) {
        return all
                || !other.all
                        && wider(domain, other.domain)
                        && (sender.isEmpty()
                                || other.sender
                                        .filter(one -> sender.get().covers(one))
                                        .isPresent())
                        && wider(rule, other.rule)
                        && wider(tag, other.tag)
                        && wider(id, other.id);
    }

    private static <T> boolean wider(Optional<T> ours, Optional<T> theirs) {
        return ours.isEmpty() || ours.equals(theirs);
    }

    /// Whether some mail may be both ones'. (A mail of two domains is not thought of.)
    public boolean meets(Selector other) {
        return near(domain, other.domain)
                && (sender.isEmpty()
                        || other.sender.isEmpty()
                        || sender.get().covers(other.sender.get())
                        || other.sender.get().covers(sender.get()))
                && near(rule, other.rule)
                && near(tag, other.tag)
                && near(id, other.id);
    }

    private static <T> boolean near(Optional<T> ours, Optional<T> theirs) {
        return ours.isEmpty() || theirs.isEmpty() || ours.equals(theirs);
    }

    /// In the words of the command line.
    public String text() {
        if (all) return "all";
        var out = new StringBuilder();
        domain.ifPresent(name -> out.append(" domain=").append(name));
        sender.ifPresent(who -> out.append(" sender=").append(who.text()));
        rule.ifPresent(name -> out.append(" rule=").append(name));
        tag.ifPresent(word -> out.append(" tag=").append(word));
        id.ifPresent(mail -> out.append(" id=").append(mail));
        return out.substring(1);
    }
}
