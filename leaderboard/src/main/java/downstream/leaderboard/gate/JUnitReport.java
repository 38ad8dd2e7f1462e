package downstream.leaderboard.gate;

import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Verdicts as the XML that build servers read: worse and better are failures, what could not be
 * measured is an error, and a gate that compared nothing is an error of its own.
 */
public final class JUnitReport {
  private JUnitReport() {}

  public static String of(List<Verdict> verdicts) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "downstream gate");
      xml.writeAttribute("tests", "" + Math.max(1, verdicts.size()));
      xml.writeAttribute("failures", "" + count(verdicts, Verdict.Kind.WORSE, Verdict.Kind.BETTER));
      long errors = count(verdicts, Verdict.Kind.NOT_MEASURED);
      xml.writeAttribute("errors", "" + (verdicts.isEmpty() ? 1 : errors));
      xml.writeAttribute("skipped", "0");
      for (Verdict verdict : verdicts) {
        testCase(xml, verdict);
      }
      if (verdicts.isEmpty()) {
        nothing(xml);
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return text + "\n";
  }

  private static long count(List<Verdict> verdicts, Verdict.Kind... kinds) {
    return verdicts.stream().filter(v -> List.of(kinds).contains(v.kind())).count();
  }

  private static void testCase(XMLStreamWriter xml, Verdict verdict) throws XMLStreamException {
    Baseline baseline = verdict.baseline();
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "downstream.gate." + baseline.task());
    xml.writeAttribute("name", baseline.id());
    switch (verdict.kind()) {
      case WORSE, BETTER -> problem(xml, "failure", verdict.kind().text(), verdict.sentence());
      case NOT_MEASURED -> problem(xml, "error", verdict.kind().text(), verdict.note());
      case PASSED -> {}
    }
    xml.writeEndElement();
  }

  private static void nothing(XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "downstream.gate");
    xml.writeAttribute("name", "compares something");
    problem(xml, "error", "could not measure", "nothing to compare");
    xml.writeEndElement();
  }

  private static void problem(XMLStreamWriter xml, String kind, String type, String message)
      throws XMLStreamException {
    xml.writeEmptyElement(kind);
    xml.writeAttribute("type", type);
    xml.writeAttribute("message", message);
  }
}
