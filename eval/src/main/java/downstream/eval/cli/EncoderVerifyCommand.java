package downstream.eval.cli;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.inspect.EncoderVerification.Difference;
import downstream.eval.encoder.inspect.GradientVerification;
import downstream.eval.encoder.inspect.GradientVerification.Gradient;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code encoder verify}: do both engines agree on an ONNX file? */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks that both engines agree on ONNX encoders.",
      "Runs each encoder in the training engine and in ONNX Runtime on the same images, at batch"
          + " sizes 1 and 3.",
      "Compares every output and feature level: 'engines' one engine with the other, 'nodes' the"
          + " training engine's single call with its nodes one by one, 'rows' each image of a batch"
          + " with the same image alone.",
      "maxRel = max|a-b| / max(1e-6, max|b|), at most 1e-5 for 'nodes'; else 1e-4 for graphs of"
          + " this project, 1e-3 for others.",
      "Exit codes: 0 all agree; 1 some differ; 2 a file cannot be used, or an operator is not"
          + " supported."
    },
    footer = {
      "",
      "Examples:",
      "  downstream encoder verify mae.onnx byol.onnx",
      "  downstream encoder verify resnet50.onnx --size 224x224 --gradients"
    })
public final class EncoderVerifyCommand implements Subcommand {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Encoders, .onnx files.")
  List<Path> files;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description =
          "Height and width of the images in pixels (default: the size in the spec, or in the"
              + " graph, or 224x224).")
  @Nullable String size;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Random seed for the images (default: 0).")
  long seed;

  @Mixin DeviceOption device;

  @Option(
      names = "--gradients",
      description = {
        "Compare gradients of weights with central differences in float64 as well,",
        "relative difference at most 1e-4."
      })
  boolean gradients;

  @Option(
      names = "--per-operator",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of weights per operator to check with --gradients (default: 3).")
  int perOperator;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "Output format: table or json (default: table).")
  EncoderInspectCommand.Format format;

  @Override
  public String group() {
    return "encoder";
  }

  /** Printed result of the check of one value or weight of a file. */
  @JsonNaming(SnakeCaseStrategy.class)
  private record Row(
      String file,
      String check,
      String value,
      String at,
      double maxAbs,
      double maxRel,
      double tolerance,
      boolean agree) {

    static Row of(Path file, Difference d) {
      String at = "batch " + d.batch();
      return new Row(
          file.toString(),
          d.check(),
          d.value(),
          at,
          d.maxAbs(),
          d.maxRel(),
          d.tolerance(),
          d.agree());
    }

    static Row of(Path file, Gradient g) {
      double distance = Math.abs(g.autograd() - g.difference());
      double tolerance = GradientVerification.TOLERANCE;
      return new Row(
          file.toString(),
          "gradient",
          g.weight(),
          g.operator(),
          distance,
          g.error(),
          tolerance,
          g.agree());
    }
  }

  @Override
  public Integer call() {
    Device chosen = device.chooseOne();
    List<Row> rows = new ArrayList<>();
    for (Path file : files) {
      verify(file, chosen, rows);
    }
    spec.commandLine().getErr().println("device: " + chosen);
    print(rows);
    return rows.stream().allMatch(Row::agree) ? 0 : 1;
  }

  private void verify(Path path, Device chosen, List<Row> rows) {
    EncoderFile read = EncoderFile.read(path);
    int side = ImageSizeOption.of(read, size);
    EncoderFile file = read.hasSpec() ? EncoderRewrites.atSize(read, side) : read;
    EncoderVerification.compare(file, side, seed, chosen)
        .forEach(found -> rows.add(Row.of(path, found)));
    if (gradients) {
      GradientVerification.check(file, side, seed, perOperator)
          .forEach(found -> rows.add(Row.of(path, found)));
    }
  }

  private void print(List<Row> rows) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == EncoderInspectCommand.Format.JSON) {
      out.print(new String(Json.pretty(rows), StandardCharsets.UTF_8));
    } else {
      for (Row row : rows) {
        out.printf(
            Locale.ROOT,
            "%s  %-8s  %-12s %-8s  maxAbs %.2e  maxRel %.2e  %s%n",
            row.file(),
            row.check(),
            row.value(),
            row.at(),
            row.maxAbs(),
            row.maxRel(),
            row.agree() ? "ok" : "DIFFERS");
      }
    }
    out.flush();
  }
}
