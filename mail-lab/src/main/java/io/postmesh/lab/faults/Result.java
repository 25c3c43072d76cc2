package io.postmesh.lab.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A row as it ended.
///
/// @param verdict nothing when it was not run, or broke
/// @param note    what a reader needs to know
public record Result(String row, long seed, Optional<Verdict> verdict, Duration time, End end, List<String> notes) {
    public Result {
        notes = List.copyOf(notes);
    }

    /// How.
    public sealed interface End {
        record Passed() implements End {}

        /// Some bars were not held.
        ///
        /// @param bars of counts
        /// @param late of times
        record Missed(List<String> bars, List<String> late) implements End {
            public Missed {
                bars = List.copyOf(bars);
                late = List.copyOf(late);
            }
        }

        /// The run itself did not get through.
        record Broke(String why) implements End {}

        /// This machine cannot: neither passed nor missed.
        record NotRun(String why) implements End {}
    }

    /// Somebody was lost, doubled or changed, or the run did not get through.
    public boolean isFailure() {
        return switch (end) {
            case End.Passed _, End.NotRun _ -> false;
            case End.Missed(var bars, var _) -> !bars.isEmpty();
            case End.Broke _ -> true;
        };
    }

    /// Something took too long, and no more than that.
    public boolean isLate() {
        return end instanceof End.Missed && !isFailure();
    }

    String word() {
        return switch (end) {
            case End.Passed _ -> "pass";
            case End.Missed _ -> isLate() ? "LATE" : "MISSED";
            case End.Broke _ -> "BROKE";
            case End.NotRun _ -> "not run";
        };
    }

    String remarks() {
        var own = switch (end) {
            case End.Passed _ -> List.<String>of();
            case End.Missed(var bars, var late) ->
                Stream.concat(bars.stream(), late.stream()).toList();
            case End.Broke(var why) -> List.of(why);
            case End.NotRun(var why) -> List.of(why);
        };
        return String.join("; ", Stream.concat(own.stream(), notes.stream()).toList());
    }
}
