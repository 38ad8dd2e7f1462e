package downstream.pretrain.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that {@code pretrain} and {@code mine} share. */
final class InputOptions {
  @Option(
      names = "--images",
      paramLabel = "SOURCE",
      arity = "1..*",
      description = {
        "Folders of images, or data YAMLs (FILE[@SPLIT]; default split: train).",
        "Labels are not trained on."
      })
  private List<String> images = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Number of images to take, spread over the set (default: all).")
  private @Nullable Integer limit;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Output folder.")
  private Path out;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file of settings (default: none).")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Setting that overrides --config; repeatable.")
  private List<String> assignments = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed for weights, image order, views and random pairs (default: 0).")
  private @Nullable Long seed;

  List<String> images() {
    return images;
  }

  OptionalInt limit() {
    return limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
  }

  Path out() {
    return out;
  }

  Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  List<String> assignments() {
    return assignments;
  }

  OptionalLong seed() {
    return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
  }

  /**
   * Reads a settings file.
   *
   * @throws BadInput if it is not an object
   */
  static ObjectNode read(Path file) {
    if (Json.readYaml(file) instanceof ObjectNode object) {
      return object;
    }
    throw new BadInput(
        file, "holds no 'key: value' lines", "Write one setting per line, as 'key: value'");
  }

  /** Takes some images of a set, the same ones at every seed. */
  static ImageSet limited(ImageSet set, OptionalInt limit) {
    int count = set.images().size();
    return limit.isEmpty() || limit.getAsInt() >= count
        ? set
        : set.sample((double) limit.getAsInt() / count, 0);
  }
}
