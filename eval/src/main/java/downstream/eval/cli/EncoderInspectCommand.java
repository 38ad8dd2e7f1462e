package downstream.eval.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.KeyCase;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.EncoderSummary;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code encoder inspect}: what is in an ONNX file, and a first spec for one that has none. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what an ONNX encoder contains, and proposes a spec for it.",
      "Opset, operators, inputs, outputs, parameters, floating-point operations, spec, provenance.",
      "For an encoder without a spec, writes NAME.encoder.yaml beside the file. Check and edit it:",
      "it names the values that heads may read, and how images are normalised."
    },
    footer = {
      "",
      "Examples:",
      "  downstream encoder inspect mae.onnx --format json",
      "  downstream encoder inspect resnet50.onnx --size 224x224"
    })
public final class EncoderInspectCommand implements Subcommand {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Encoder, an .onnx file.")
  Path file;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description =
          "Height and width of the images in pixels (default: the size in the spec, or in the"
              + " graph, or 224x224).")
  @Nullable String size;

  @Option(names = "--dry-run", description = "Print the proposed spec without writing it.")
  boolean dryRun;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "Output format: table or json (default: table).")
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
    EncoderFile read = EncoderFile.read(file);
    ObjectNode summary = EncoderSummary.of(read, ImageSizeOption.of(read, size));
    if (!read.hasSpec()) {
      write(summary.path("proposed"));
    }
    print(summary);
    return 0;
  }

  private void write(JsonNode proposed) {
    Path target = EncoderFile.specBeside(file);
    PrintWriter log = spec.commandLine().getErr();
    if (dryRun) {
      log.println("Not written: " + target);
    } else if (Files.isWritable(target.toAbsolutePath().resolveSibling(""))) {
      AtomicFile.write(target, Json.yaml(KeyCase.camel(proposed)));
      log.println("Proposed a spec, check it: " + target);
    } else {
      throw new BadInput(
          target,
          "cannot be written: the folder is read-only",
          "Copy the encoder elsewhere, or add --dry-run");
    }
    log.flush();
  }

  private void print(ObjectNode summary) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.print(new String(Json.pretty(summary), StandardCharsets.UTF_8));
    } else {
      for (Map.Entry<String, JsonNode> entry : summary.properties()) {
        out.printf("%-16s %s%n", entry.getKey(), text(entry.getValue()));
      }
    }
    out.flush();
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "none";
    }
    return value.isTextual() ? value.asText() : Json.canonical(value);
  }
}
