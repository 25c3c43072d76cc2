package io.postmesh.lab.dns;

import java.util.HashSet;
import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// From a question to its answer, without sockets.
final class Answers {
    private static final int NEGATIVE_TTL = 1; // tests change zones; nobody should remember long
    private static final SOARecord SOA =
            new SOARecord(Name.root, DClass.IN, NEGATIVE_TTL, Name.root, Name.root, 1, 3600, 600, 86400, NEGATIVE_TTL);

    private Answers() {}

    static Message answer(Message query, Record question, Zone zone) {
        var answer = replyTo(query, question);
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            answer.getHeader().setRcode(Rcode.NOTIMP);
            return answer;
        }
        boolean exists = follow(question.getName(), question.getType(), zone, answer);
        if (!exists) answer.getHeader().setRcode(Rcode.NXDOMAIN);
        if (answer.getSection(Section.ANSWER).isEmpty()) answer.addRecord(SOA, Section.AUTHORITY); // RFC 2308 §2
        return answer;
    }

    static Message failure(Message query, Record question, int rcode) {
        var answer = replyTo(query, question);
        answer.getHeader().setRcode(rcode);
        if (rcode == Rcode.NXDOMAIN) answer.addRecord(SOA, Section.AUTHORITY);
        return answer;
    }

    static Message truncated(Message query, Record question) {
        var answer = replyTo(query, question);
        answer.getHeader().setFlag(Flags.TC);
        return answer;
    }

    // Follows aliases inside the zone; false when the last name does not exist.
    private static boolean follow(Name name, int type, Zone zone, Message answer) {
        var seen = new HashSet<Name>();
        while (seen.add(name)) {
            if (!zone.exists(name)) return false;
            List<Record> found = zone.find(name, type);
            found.forEach(record -> answer.addRecord(record, Section.ANSWER));
            boolean alias =
                    type != Type.CNAME && found.size() == 1 && found.getFirst().getType() == Type.CNAME;
            if (!alias) return true;
            name = ((CNAMERecord) found.getFirst()).getTarget();
        }
        return true; // a circle: the resolver's problem, as in life
    }

    private static Message replyTo(Message query, Record question) {
        var answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.AA);
        header.setFlag(Flags.RA); // stub resolvers want to hear it
        if (query.getHeader().getFlag(Flags.RD)) header.setFlag(Flags.RD);
        header.setOpcode(query.getHeader().getOpcode());
        answer.addRecord(question, Section.QUESTION);
        return answer;
    }
}
