package io.postmesh.lab.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        record Missed(List<String> bars) implements End {
            public Missed {
                bars = List.copyOf(bars);
            }
        }

        /// The run itself did not get through.
        record Broke(String why) implements End {}

        /// This machine cannot: neither passed nor missed.
        record NotRun(String why) implements End {}
    }

    public boolean isFailure() {
        return switch (end) {
            case End.Passed _, End.NotRun _ -> false;
            case End.Missed _, End.Broke _ -> true;
        };
    }

    String word() {
        return switch (end) {
            case End.Passed _ -> "pass";
            case End.Missed _ -> "MISSED";
            case End.Broke _ -> "BROKE";
            case End.NotRun _ -> "not run";
        };
    }

    String remarks() {
        var own = switch (end) {
            case End.Passed _ -> List.<String>of();
            case End.Missed(var bars) -> bars;
            case End.Broke(var why) -> List.of(why);
            case End.NotRun(var why) -> List.of(why);
        };
        return String.join(
                "; ",
                java.util.stream.Stream.concat(own.stream(), notes.stream()).toList());
    }
}
