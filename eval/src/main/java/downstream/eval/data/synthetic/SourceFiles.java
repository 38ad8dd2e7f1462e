package downstream.eval.data.synthetic;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.annotation.SortedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Image files divided into those of training and those of evaluation scenes: by the folders {@code
 * train} and {@code val} (or {@code test}) that hold them, else at random. No two files with the
 * same bytes are on both sides.
 *
 * @param train in the order of their digests
 * @param val likewise
 * @param digest over the bytes of all
 */
record SourceFiles(List<Path> train, List<Path> val, String digest) {
  private static final String TRAIN = "train";
  private static final List<String> VAL = List.of("val", "test");

  SourceFiles {
    train = List.copyOf(train);
    val = List.copyOf(val);
  }

  /** The files of one side, whose bytes are told apart by their digests. */
  private record Side(Map<String, Path> byDigest) {
    static Side of(Iterable<Path> files) {
      Map<String, Path> byDigest = new TreeMap<>();
      for (Path file : files) {
        try {
          byDigest.putIfAbsent(Digest.of(file), file);
        } catch (IOException e) {
          throw BadInput.unreadable(file, e);
        }
      }
      return new Side(byDigest);
    }

    List<Path> files() {
      return List.copyOf(byDigest.values());
    }
  }

  /** Name of the folder of evaluation images beside a folder {@code train}; empty if none. */
  static String valFolder(Path root) {
    if (!Files.isDirectory(root.resolve(TRAIN))) {
      return "";
    }
    return VAL.stream()
        .filter(name -> Files.isDirectory(root.resolve(name)))
        .findFirst()
        .orElse("");
  }

  /**
   * Divides the images of a folder.
   *
   * @param prefix of the names of those that count
   * @param valFraction share of evaluation images, where folders do not say it; at least one, and
   *     at least one is left for training
   * @param seed of the random division, which depends on the files' bytes and not on their names
   */
  static SourceFiles of(String option, Path root, String prefix, double valFraction, long seed) {
    String val = valFolder(root);
    if (!val.isEmpty()) {
      Side left = Side.of(images(root.resolve(TRAIN), prefix));
      Side right = Side.of(images(root.resolve(val), prefix));
      refuseEmpty(option, root.resolve(TRAIN), prefix, left, 1);
      refuseEmpty(option, root.resolve(val), prefix, right, 1);
      return given(left, right);
    }
    Side all = Side.of(images(root, prefix));
    refuseEmpty(option, root, prefix, all, 2);
    return divided(all, valFraction, seed);
  }

  /**
   * Images of a class, of each side: {@code train/CLASS} and {@code val/CLASS}, or {@code CLASS}.
   */
  static SourceFiles ofClass(Path root, String name, double valFraction, long seed) {
    String val = valFolder(root);
    if (val.isEmpty()) {
      return of("--objects", root.resolve(name), "", valFraction, seed);
    }
    Side left = Side.of(images(root.resolve(TRAIN).resolve(name), ""));
    Side right = Side.of(images(root.resolve(val).resolve(name), ""));
    refuseEmpty("--objects", root.resolve(TRAIN).resolve(name), "", left, 1);
    refuseEmpty("--objects", root.resolve(val).resolve(name), "", right, 1);
    return given(left, right);
  }

  private static List<Path> images(Path folder, String prefix) {
    return SortedFiles.images(folder).values().stream()
        .filter(file -> Objects.toString(file.getFileName()).startsWith(prefix))
        .toList();
  }

  private static void refuseEmpty(
      String option, Path folder, String prefix, Side side, int needed) {
    int found = side.byDigest().size();
    if (found < needed) {
      String named = prefix.isEmpty() ? "" : " whose name begins with '" + prefix + "'";
      String split = needed > 1 ? ", which cannot be divided into training and evaluation" : "";
      throw new BadInput(
          option + " " + folder,
          "holds " + found + " different images" + named + split,
          "Give a folder with at least " + needed);
    }
  }

  private static SourceFiles given(Side left, Side right) {
    for (Map.Entry<String, Path> entry : left.byDigest().entrySet()) {
      Path other = right.byDigest().get(entry.getKey());
      if (other != null) {
        throw new BadInput(
            entry.getValue(),
            "is the same image as '" + other + "', which is for evaluation",
            "Delete one of the two");
      }
    }
    return new SourceFiles(left.files(), right.files(), digest(left, right));
  }

  private static SourceFiles divided(Side all, double valFraction, long seed) {
    Map<String, String> rank = new HashMap<>();
    for (String digest : all.byDigest().keySet()) {
      rank.put(digest, new Digest().add(seed + " " + digest).hex());
    }
    List<String> order = new ArrayList<>(all.byDigest().keySet());
    order.sort(Comparator.comparing(digest -> Objects.requireNonNull(rank.get(digest))));
    int count = order.size();
    int val = (int) Math.max(1, Math.min(count - 1, Math.round(valFraction * count)));
    Map<String, Path> left = new TreeMap<>(all.byDigest());
    Map<String, Path> right = new TreeMap<>();
    for (String digest : order.subList(0, val)) {
      right.put(digest, Objects.requireNonNull(left.remove(digest)));
    }
    Side train = new Side(left);
    Side evaluation = new Side(right);
    return new SourceFiles(train.files(), evaluation.files(), digest(train, evaluation));
  }

  private static String digest(Side left, Side right) {
    Digest digest = new Digest();
    left.byDigest().keySet().forEach(digest::add);
    digest.add("val");
    right.byDigest().keySet().forEach(digest::add);
    return digest.hex();
  }

  /** The files of a split. */
  List<Path> of(String split) {
    return split.equals(SceneWriter.VAL) ? val : train;
  }
}
