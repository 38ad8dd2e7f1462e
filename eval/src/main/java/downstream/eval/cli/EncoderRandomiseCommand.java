package downstream.eval.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.rewrite.RandomInit;
import downstream.eval.encoder.rewrite.RandomInit.Randomised;
import downstream.eval.run.Build;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code encoder randomise}: the same graph with fresh weights, as a control. */
@Command(
    name = "randomise",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the random-init control of an encoder: the same graph and spec with random weights.",
      "Scales each convolution and linear layer so that its output has unit variance on a batch of",
      "random images."
    },
    footer = {"", "Example:", "  downstream encoder randomise resnet50.onnx --seed 1"})
public final class EncoderRandomiseCommand implements Subcommand {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Encoder, an .onnx file.")
  Path file;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File to write (default: NAME-randomised.onnx beside the encoder).")
  Optional<Path> out = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Random seed for the weights (default: 0).")
  long seed;

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
    EncoderFile source = EncoderFile.read(file);
    Path target = out.orElseGet(() -> file.resolveSibling(source.name() + "-randomised.onnx"));
    refuseSource(target);
    Randomised randomised = RandomInit.of(source, seed, provenance(source));
    randomised.file().write(target);
    print(target, randomised);
    return 0;
  }

  private void refuseSource(Path target) {
    try {
      if (Files.exists(target) && Files.isSameFile(file, target)) {
        throw new BadInput(
            "--out", "is the encoder itself, " + file, "Give another file, or omit --out");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compare " + file + " and " + target, e);
    }
  }

  private ObjectNode provenance(EncoderFile source) {
    ObjectNode provenance = Json.MAPPER.createObjectNode();
    provenance.put("method", "randomised");
    provenance.put("seed", seed);
    provenance.put("commit", Build.current().get("commit"));
    ObjectNode origin = provenance.putObject("source");
    origin.put("name", source.name());
    origin.put("sha256", source.sha256());
    origin.put("digest", source.digest());
    return provenance;
  }

  private void print(Path target, Randomised randomised) {
    PrintWriter writer = spec.commandLine().getOut();
    if (format == EncoderInspectCommand.Format.JSON) {
      ObjectNode result = Json.MAPPER.createObjectNode();
      result.put("file", target.toString());
      result.put("sha256", randomised.file().sha256());
      result.put("digest", randomised.file().digest());
      result.put("weights", randomised.weights());
      result.set("deviations", Json.MAPPER.valueToTree(randomised.deviations()));
      writer.print(new String(Json.pretty(result), StandardCharsets.UTF_8));
    } else {
      writer.printf(
          Locale.ROOT,
          "%s  %d weights randomised; %d layers with output standard deviations of %.2f to %.2f%n",
          target,
          randomised.weights(),
          randomised.deviations().size(),
          Collections.min(randomised.deviations().values()),
          Collections.max(randomised.deviations().values()));
    }
    writer.flush();
  }
}
