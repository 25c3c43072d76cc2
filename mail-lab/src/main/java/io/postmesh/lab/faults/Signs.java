package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.Member;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;

/// What processes tell of themselves: their metrics and their logs.
public final class Signs {
    /// Vert.x says so when one of its event loops does nothing else for two seconds.
    public static final String BLOCKED = "has been blocked for";

    private static final int TIMEOUT_MILLIS = 5_000;

    private Signs() {}

    /// The sum of a metric, whatever its labels, over these processes.
    public static double sum(Cluster cluster, List<Member> members, String metric) throws IOException {
        double sum = 0;
        for (var member : members)
            for (var line : page(cluster, member).split("\n", -1))
                if (isOf(metric, line)) sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        return sum;
    }

    private static boolean isOf(String metric, String line) {
        return line.startsWith(metric + " ") || line.startsWith(metric + "{");
    }

    private static String page(Cluster cluster, Member member) throws IOException {
        var at = cluster.http(member.name());
        var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + at.getPort() + "/metrics")
                .toURL()
                .openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    /// How many lines with these words their present lives have printed.
    public static int lines(List<Member> members, String words) throws IOException {
        int count = 0;
        for (var member : members)
            try (var lines = Files.lines(member.output())) {
                count += (int) lines.filter(line -> line.contains(words)).count();
            }
        return count;
    }
}
