package downstream.eval.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSummary;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code encoder inspect}: what is in an ONNX file. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Prints what is in an ONNX encoder: opset, operators, inputs, outputs, parameters, spec, provenance.",
    footer = {"", "Example:", "  downstream encoder inspect mae.onnx --format json"})
public final class EncoderInspect implements Verb {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "An .onnx file.")
  Path file;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  Format format;

  enum Format {
    TABLE,
    JSON
  }

  @Override
  public String group() {
    return "encoder";
  }

  @Override
  public Integer call() {
    ObjectNode summary = EncoderSummary.of(EncoderFile.read(file));
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.print(new String(Json.pretty(summary), StandardCharsets.UTF_8));
    } else {
      for (Map.Entry<String, JsonNode> entry : summary.properties()) {
        JsonNode value = entry.getValue();
        String text =
            value.isNull() ? "none" : value.isTextual() ? value.asText() : Json.canonical(value);
        out.printf("%-12s %s%n", entry.getKey(), text);
      }
    }
    out.flush();
    return 0;
  }
}
