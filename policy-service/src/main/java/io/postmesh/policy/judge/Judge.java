package io.postmesh.policy.judge;

import io.postmesh.mail.Domain;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// An ordered list of rules, and how their findings become one verdict: the first refusal ends the hearing; of several
/// holds the longest counts; without either the mail is clear.
public final class Judge {
    /// The rule named when none had an objection.
    public static final String NO_OBJECTION = "no-objection";

    private final List<Rule> rules;
    private final int version;

    public Judge(int version, List<Rule> rules) {
        this.version = version;
        this.rules = List.copyOf(rules);
        var names = new HashSet<String>();
        for (var rule : rules) {
            if (!names.add(rule.name())) throw new IllegalArgumentException("two rules named " + rule.name());
        }
    }

    public Verdict judge(Submission mail) {
        var hearing = new Hearing();
        for (var rule : rules) {
            switch (rule.check().look(mail)) {
                case Finding.Clear clear -> hearing.note(clear);
                case Finding.Hold hold -> hearing.note(new Ruling(rule.name(), version), hold);
                case Finding.Refuse(var reply) -> {
                    return new Verdict.Refuse(new Ruling(rule.name(), version), reply);
                }
            }
        }
        return hearing.verdict(new Ruling(NO_OBJECTION, version));
    }

    public int version() {
        return version;
    }

    public List<String> ruleNames() {
        return rules.stream().map(Rule::name).toList();
    }

    /// What the checks have said so far, none of them a refusal.
    private static final class Hearing {
        private Optional<Domain> signAs = Optional.empty();
        private Optional<Verdict.Hold> hold = Optional.empty();

        void note(Finding.Clear clear) {
            if (signAs.isEmpty()) signAs = clear.signAs();
        }

        void note(Ruling by, Finding.Hold found) {
            boolean longest =
                    hold.isEmpty() || found.delay().compareTo(hold.get().delay()) > 0;
            if (longest) hold = Optional.of(new Verdict.Hold(by, Optional.empty(), found.delay(), found.reason()));
        }

        Verdict verdict(Ruling noObjection) {
            if (hold.isEmpty()) return new Verdict.Clear(noObjection, signAs);
            var h = hold.get();
            return new Verdict.Hold(h.by(), signAs, h.delay(), h.reason());
        }
    }
}
