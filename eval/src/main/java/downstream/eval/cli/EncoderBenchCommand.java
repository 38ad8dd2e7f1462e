package downstream.eval.cli;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.BenchmarkReport;
import downstream.eval.encoder.inspect.BenchmarkSettings;
import downstream.eval.encoder.inspect.EncoderBenchmark;
import downstream.eval.encoder.inspect.Spread;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.torch.Precision;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code encoder bench}: how fast an encoder is here, and how much memory it takes. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the speed and memory of an ONNX encoder on this machine.",
      "Times forward, forward and backward (training engine), and frozen inference (ONNX Runtime)"
          + " on random images,",
      "to the feature levels. Medians over the rounds, with the smallest and largest value.",
      "Before every turn a float32 product of two 2048 x 2048 matrices is timed; 'of product' is"
          + " the share of its speed.",
      "Memory is what the first turn took of the process's memory; a GPU's is not included."
    },
    footer = {
      "",
      "Examples:",
      "  downstream encoder bench vit.onnx --batch 16",
      "  downstream encoder bench resnet50.onnx --size 224x224 --precision bfloat16 --format json"
    })
public final class EncoderBenchCommand implements Subcommand {
  private static final int USUAL_BATCH = 16;
  private static final double MIB = 1 << 20;

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

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per batch (default: 16, or what the graph fixes).")
  @Nullable Integer batch;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "float32",
      description = {
        "Precision of the training engine: float32, tf32 (GPUs) or bfloat16 (default: float32).",
        "Frozen inference is always float32."
      })
  String precision;

  @Mixin DeviceOption device;

  @Mixin ThreadsOption threads;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of timed rounds (default: 5).")
  int rounds;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "Output format: table or json (default: table).")
  EncoderInspectCommand.Format format;

  @Override
  public String group() {
    return "encoder";
  }

  @Override
  public Integer call() {
    EncoderFile read = EncoderFile.read(file);
    int side = ImageSizeOption.of(read, size);
    int images = batch == null ? EncoderBenchmark.batch(read, USUAL_BATCH) : batch;
    Precision engine = precision();
    int used = threads.use();
    Device chosen = device.chooseOne();
    BenchmarkSettings settings = new BenchmarkSettings(side, images, engine, chosen, used, rounds);
    EncoderFile sized = read.hasSpec() ? EncoderRewrites.atSize(read, side) : read;
    print(EncoderBenchmark.run(sized, settings));
    return 0;
  }

  private Precision precision() {
    return switch (precision) {
      case "float32" -> Precision.FLOAT32;
      case "tf32" -> Precision.TF32;
      case "bfloat16" -> Precision.BFLOAT16;
      default ->
          throw new BadInput(
              "--precision",
              "must be float32, tf32 or bfloat16, not '" + precision + "'",
              "Use one of these values");
    };
  }

  private void print(BenchmarkReport report) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == EncoderInspectCommand.Format.JSON) {
      out.print(new String(Json.pretty(report), StandardCharsets.UTF_8));
    } else {
      out.printf(
          Locale.ROOT,
          "%s, %d px, batch %d, %s, %s, rounds: %d%n",
          report.encoder(),
          report.imageSize(),
          report.batch(),
          report.device(),
          report.threads() == 1 ? "1 thread" : report.threads() + " threads",
          report.rounds());
      out.printf(
          "product of 2048 x 2048 matrices: %s GFLOP/s%n%n",
          shown(report.productGflopsPerSecond(), "%.0f"));
      out.print(table(report).as(OutputFormat.TABLE));
    }
    out.flush();
  }

  private static Table table(BenchmarkReport report) {
    Table table =
        new Table(
            List.of(
                "operation",
                "precision",
                "seconds",
                "images per second",
                "GFLOPS",
                "of product",
                "memory MiB"));
    for (BenchmarkReport.Operation operation : report.operations()) {
      table.row(
          operation.operation().replace('_', ' '),
          operation.precision().name().toLowerCase(Locale.ROOT),
          shown(operation.seconds(), "%.3f"),
          shown(operation.imagesPerSecond(), "%.1f"),
          shown(operation.gflopsPerSecond(), "%.1f"),
          shown(operation.shareOfProduct(), "%.2f"),
          operation
              .memoryBytes()
              .map(bytes -> String.format(Locale.ROOT, "%.0f", bytes / MIB))
              .orElse("unknown"));
    }
    return table;
  }

  private static String shown(Spread spread, String format) {
    return String.format(
        Locale.ROOT,
        format + " (" + format + " to " + format + ")",
        spread.median(),
        spread.smallest(),
        spread.largest());
  }
}
