package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Accounts;
import io.postmesh.lab.faults.Evidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// A case for each domain, one mail to each, and what has to become of that.
final class Cells {
    /// What has to become of a mail.
    enum Fate {
        /// One copy, and no report.
        DELIVERED,
        /// One copy or, where the sink hung up on it after its dot, two; no report.
        DELIVERED_MAYBE_TWICE,
        /// No copy, and a report.
        REPORTED;

        /// That the sink sees at last.
        int messages() {
            return switch (this) {
                case DELIVERED, REPORTED -> 1;
                case DELIVERED_MAYBE_TWICE -> 2;
            };
        }
    }

    private final Map<String, Fate> fates; // by domain

    private Cells(Map<String, Fate> fates) {
        this.fates = Map.copyOf(fates);
    }

    /// @param fates of the mail to these domains
    static Cells of(Map<String, Fate> fates) {
        return new Cells(fates);
    }

    /// The n-th domain of the driver's, from 0 on.
    static String domain(int number) {
        return String.format(java.util.Locale.ROOT, "d%04d.load.test", number);
    }

    /// A sentence for each recipient whose mail met another fate.
    List<String> wrong(Evidence evidence) {
        var accounts = Accounts.of(evidence);
        var wrong = new ArrayList<String>();
        var seen = new HashSet<String>();
        for (var mail : evidence.accepted())
            for (var to : mail.recipients()) {
                var domain = to.substring(to.indexOf('@') + 1);
                seen.add(domain);
                int came = accounts.copies(mail, to).size();
                boolean told = accounts.isReported(mail, to);
                var fate = fates.get(domain);
                if (fate == null || !isMet(fate, came, told))
                    wrong.add(domain + " was to be " + fate + ": came " + came + " times" + (told ? ", reported" : ""));
            }
        for (var domain : fates.keySet()) if (!seen.contains(domain)) wrong.add(domain + " got no mail");
        return wrong;
    }

    private static boolean isMet(Fate fate, int came, boolean told) {
        return switch (fate) {
            case DELIVERED -> came == 1 && !told;
            case DELIVERED_MAYBE_TWICE -> (came == 1 || came == 2) && !told;
            case REPORTED -> came == 0 && told;
        };
    }
}
