package io.postmesh.local;

import io.postmesh.local.Dashboards.Query;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes what a panel asks Prometheus for: of the meshes that are chosen, each by itself (`namespace` and `job`), and
/// by the labels that the legend names.
record Ask(String selector) {
    private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Ask MESH = new Ask("namespace=~\"$namespace\",job=~\"$job\"");

    static final Ask MINE = MESH.where("instance=~\"$instance\"");
    static final Ask HEAP = MINE.where("area=\"heap\"");
    static final Ask THEIRS = MINE.where("provider=~\"$provider\"");
    static final Ask THEIR_RECORDS = MESH.where("provider=~\"$provider\"");

    private Ask where(String more) {
        return new Ask(selector + "," + more);
    }

    /// One number for each mesh, or none: nobody has asked it anything, or it is idle and told NaN.
    static String mesh(String metric) {
        return "max by (namespace, job) (" + MESH.of(metric) + ") >= 0";
    }

    Query sum(String metric, String legend) {
        return by("sum", of(metric), legend);
    }

    Query max(String metric, String legend) {
        return by("max", of(metric), legend);
    }

    Query min(String metric, String legend) {
        return by("min", of(metric), legend);
    }

    Query count(String metric, String legend) {
        return by("count", of(metric), legend);
    }

    Query rate(String metric, String legend) {
        return by("sum", perSecond(metric), legend);
    }

    /// Without those of which there are none.
    Query rateOfAny(String metric, String legend) {
        var all = rate(metric, legend);
        return new Query(all.expr() + " > 0", all.legend());
    }

    Query mean(String metric, String legend) {
        var sums = rate(metric + "_sum", legend);
        return new Query(sums.expr() + " / " + rate(metric + "_count", legend).expr(), sums.legend());
    }

    Query quantile(double share, String metric, String legend) {
        var buckets = aggregated("sum", perSecond(metric + "_bucket"), Stream.concat(Stream.of("le"), labels(legend)));
        return new Query("histogram_quantile(" + share + ", " + buckets + ")", told(legend));
    }

    private static Query by(String how, String what, String legend) {
        return new Query(aggregated(how, what, labels(legend)), told(legend));
    }

    private static String aggregated(String how, String what, Stream<String> labels) {
        var all = Stream.concat(Stream.of("namespace", "job"), labels).collect(Collectors.joining(", "));
        return how + " by (" + all + ") (" + what + ")";
    }

    private static Stream<String> labels(String legend) {
        return LABEL.matcher(legend).results().map((MatchResult found) -> found.group(1));
    }

    private static String told(String legend) {
        return legend + " {{namespace}} {{job}}";
    }

    private String perSecond(String metric) {
        return "rate(" + of(metric) + "[$__rate_interval])";
    }

    private String of(String metric) {
        return metric + "{" + selector + "}";
    }
}
