package downstream.eval.cli;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderVerification;
import downstream.eval.encoder.EncoderVerification.Difference;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code encoder verify}: do both engines agree on an ONNX file? */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Runs ONNX encoders in the training engine and in ONNX Runtime on the same images, at batches of 1 and 3, and",
      "compares every named value: maxRel = max|a-b| / max(1e-6, max|b|). Exit code 1 if any exceeds 1e-4."
    },
    footer = {"", "Example:", "  downstream encoder verify mae.onnx byol.onnx"})
public final class EncoderVerify implements Verb {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Encoders, .onnx files.")
  List<Path> files;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  EncoderInspect.Format format;

  @Override
  public String group() {
    return "encoder";
  }

  /** One compared value, as it is printed. */
  private record Row(String file, String value, int batch, double maxRel, boolean passes) {}

  @Override
  public Integer call() {
    List<Row> rows = new ArrayList<>();
    for (Path file : files) {
      for (Difference difference : EncoderVerification.compare(EncoderFile.read(file))) {
        rows.add(
            new Row(
                file.toString(),
                difference.value(),
                difference.batch(),
                difference.maxRel(),
                difference.passes()));
      }
    }
    print(rows);
    return rows.stream().allMatch(Row::passes) ? 0 : 1;
  }

  private void print(List<Row> rows) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == EncoderInspect.Format.JSON) {
      out.print(new String(Json.pretty(rows), StandardCharsets.UTF_8));
    } else {
      for (Row row : rows) {
        out.printf(
            Locale.ROOT,
            "%s  %-12s batch %d  maxRel %.2e  %s%n",
            row.file(),
            row.value(),
            row.batch(),
            row.maxRel(),
            row.passes() ? "ok" : "DIFFERS");
      }
    }
    out.flush();
  }
}
