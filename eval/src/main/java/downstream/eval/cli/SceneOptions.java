package downstream.eval.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the commands that write a set of scenes: where, how many, how large. */
final class SceneOptions {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Output folder; must be empty or absent.")
  Path out;

  @Option(
      names = "--images",
      defaultValue = "256",
      description = "Number of training images (default: 256).")
  int images;

  @Option(
      names = "--val",
      defaultValue = "64",
      description = "Number of evaluation images (default: 64).")
  int val;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Height and width of each image in pixels (default: 128).")
  int size;
}
