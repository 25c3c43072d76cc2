package io.postmesh.delivery.outcome;

import io.postmesh.contract.Recipient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The recipients of one attempt, each settled once, while host after host is tried for those still open.
public final class Tally {
    private final Map<Recipient, Verdict> settled = new LinkedHashMap<>();
    private final List<Recipient> open;
    private @Nullable Verdict setback;

    public Tally(List<Recipient> recipients) {
        this.open = new ArrayList<>(recipients);
    }

    /// Those nothing final is known of yet, in their order.
    public List<Recipient> open() {
        return List.copyOf(open);
    }

    public boolean isComplete() {
        return open.isEmpty();
    }

    public void settle(Recipient recipient, Verdict verdict) {
        if (open.remove(recipient)) settled.put(recipient, verdict);
    }

    public void settleOpen(Verdict verdict) {
        for (var recipient : open()) settle(recipient, verdict);
    }

    /// A verdict for those still open, unless another host does better. A deferral outlives another host's refusal:
    /// mail is not returned while a host that might take it could not be asked.
    public void setback(Verdict verdict) {
        if (verdict instanceof Verdict.Deferred || !(setback instanceof Verdict.Deferred)) setback = verdict;
    }

    /// The verdict on each recipient, those still open under the standing setback.
    public List<Result> results() {
        if (setback != null) settleOpen(setback);
        if (!isComplete()) throw new IllegalStateException("nothing is known of " + open.size() + " recipients");
        var results = new ArrayList<Result>(settled.size());
        settled.forEach((recipient, verdict) -> results.add(new Result(recipient, verdict)));
        return results;
    }
}
