package downstream.pretrain.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Copies the plots of all of a demo's runs into one folder. */
final class DemoPlots {
  private DemoPlots() {}

  /**
   * Copies every PNG of the pretrainings ({@code mae/loss.png}, {@code ioca/mining/pairs.png}, of
   * {@code visualisations} the last of each kind) and of the runs' {@code plots} to {@code
   * out/plots}, as {@code mae-loss.png}, {@code ioca-mining-pairs.png} and {@code
   * mae-detection-0-loss.png}, the number being the seed.
   */
  static Path collect(Path out) throws IOException {
    Path plots = Files.createDirectories(out.resolve("plots"));
    for (Path method : children(out)) {
      if (!method.equals(plots)) {
        for (Path png : pngs(method, 2)) {
          copy(png, plots.resolve(method.getFileName() + "-" + name(method.relativize(png))));
        }
      }
    }
    Path runs = out.resolve("runs");
    for (Path png : pngs(runs, Integer.MAX_VALUE)) {
      // <encoder>/<digest>/<task>@<version>/<data>/<protocol>/run-<seed>/plots/<name>.png
      Path place = runs.relativize(png);
      String task = place.getName(2).toString().replaceFirst("@.*", "");
      String seed = place.getName(5).toString().replaceFirst("run-", "");
      String name = place.getName(0) + "-" + task + "-" + seed + "-" + png.getFileName();
      copy(png, plots.resolve(name));
    }
    return plots;
  }

  /** Name of a plot of a pretraining; those of several steps have one name, and the last stays. */
  private static String name(Path png) {
    return png.toString()
        .replace(png.getFileSystem().getSeparator(), "-")
        .replaceFirst("^visualisations-step-\\d+-", "");
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> pngs(Path folder, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
