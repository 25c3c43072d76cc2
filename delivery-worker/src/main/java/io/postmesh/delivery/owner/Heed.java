package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Traits;
import io.postmesh.delivery.control.Order;
import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.control.Standing;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// What operators' actions mean for a letter.
record Heed(Orders orders, Clock clock) {
    Order on(Letter letter) {
        if (orders.standing().isEmpty()) return new Order.Go(letter.heeded(), Optional.empty());
        return orders.on(letter.traits(), letter.heeded(), clock.instant());
    }

    /// Asked again right before MAIL FROM, and before the dot.
    boolean mayGo(Letter letter) {
        return on(letter) instanceof Order.Go;
    }

    List<Recipient> picked(Standing by, Envelope envelope, List<Recipient> some) {
        return some.stream().filter(to -> isPicked(by, envelope, to)).toList();
    }

    private static boolean isPicked(Standing by, Envelope envelope, Recipient to) {
        return by.action().matches(Traits.of(envelope, List.of(to)));
    }

    /// An attempt is over, and meanwhile actions may have come for those it put off.
    Settlement amend(Settlement settlement, Letter letter) {
        if (settlement.waits().isEmpty() || orders.standing().isEmpty()) return settlement;
        var waiting = settlement.waits().stream()
                .flatMap(share -> share.recipients().stream())
                .toList();
        var envelope = letter.envelope();
        return switch (orders.on(Traits.of(envelope, waiting), letter.heeded(), clock.instant())) {
            case Order.Go go -> settlement.heeding(go.heeded(), settlement.note());
            case Order.Wait wait -> settlement.heeding(wait.heeded(), settlement.note());
            case Order.Hold(var by, var _) -> settlement.holding(by);
            case Order.End(var by) -> settlement.ending(to -> isPicked(by, envelope, to), by);
        };
    }
}
