package downstream.eval.data;

import downstream.eval.BadInput;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.annotation.DataFile;
import downstream.eval.data.annotation.DataIssues;
import downstream.eval.data.annotation.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Opens data sets: {@code docs/reference/data.md} has the formats. */
public final class DataSets {
  private DataSets() {}

  /**
   * Opens a data set for fine-tuning and scoring. Every annotation is checked, every file is read
   * once for the fingerprint; images are decoded later.
   *
   * @param yamlOrFolder a data YAML, or a folder that holds {@code data.yaml}
   * @throws BadInput naming file and place, on the first thing that cannot be used
   */
  public static DataSet open(Path yamlOrFolder) {
    DataFile data = DataFile.read(yamlOrFolder);
    if (!data.splits().containsKey(DataFile.TRAIN) || data.splits().size() < 2) {
      throw new BadInput(
          data.file(),
          "has splits " + data.splits().keySet(),
          "Define 'train', and 'val' or 'evaluate'");
    }
    List<Category> labels = labels(data);
    List<Split> splits = new ArrayList<>();
    data.splits().keySet().forEach(name -> splits.add(read(data, name)));
    List<Category> categories = Split.unite(data, splits.stream().map(Split::categories).toList());
    Map<String, ImageSet> sets = new TreeMap<>();
    for (Split split : splits) {
      sets.put(split.name(), split.toImageSet(data, categories, labels));
    }
    ImageSet train = Objects.requireNonNull(sets.remove(DataFile.TRAIN));
    return new DataSet(data.name(), train, sets);
  }

  private static Split read(DataFile data, String split) {
    var mode = data.lenient() ? DataIssues.Mode.LEAVE_OUT : DataIssues.Mode.REFUSE;
    return Split.read(data, split, new DataIssues(mode));
  }

  /** The classes of its label maps, if any source has label maps. */
  static List<Category> labels(DataFile data) {
    boolean mapped =
        data.splits().values().stream().flatMap(List::stream).anyMatch(Source::hasLabelMaps);
    if (mapped && data.classes().isEmpty()) {
      throw new BadInput(
          data.file(),
          "label maps need 'classes'",
          "List the class names of values 0, 1, … in order");
    }
    return mapped ? data.labels() : List.of();
  }

  /**
   * Opens images without labels, for pretraining.
   *
   * @param sources each a folder of images, or a data YAML or a folder that holds {@code
   *     data.yaml}; of a data set the split {@code train} is taken unless {@code @SPLIT} follows
   * @throws BadInput if a source cannot be used, is empty, or gives an image that another gave
   */
  public static ImageSet images(List<String> sources) {
    return UnlabelledImages.join(sources, splits(sources));
  }

  /**
   * Images as {@link #images(List)}, with the boxes that the sources have, to judge what was found
   * without them. Classes get ids of their own, in the order of their names. The fingerprint is
   * that of the images alone, so whatever was made from {@code images} belongs to this set too.
   */
  public static ImageSet withBoxes(List<String> sources) {
    List<Split> splits = splits(sources);
    return JoinedBoxes.addTo(UnlabelledImages.join(sources, splits), splits);
  }

  private static List<Split> splits(List<String> sources) {
    if (sources.isEmpty()) {
      throw new BadInput("--images", "names no source", "Give a folder or a data YAML");
    }
    return sources.stream().map(DataSets::images).toList();
  }

  /**
   * Opens one split with all that is known about its images, to look at and not to learn from.
   *
   * @param source a data YAML or a folder that holds {@code data.yaml}; {@code train} is taken
   *     unless {@code @SPLIT} follows
   * @throws BadInput if it cannot be used
   */
  public static ImageSet labelled(String source) {
    Named named = named(source);
    Split split = read(named.data(), named.split());
    return split.toImageSet(named.data(), split.categories(), labels(named.data()));
  }

  private static Split images(String source) {
    Named named = named(source);
    return read(named.data(), named.split());
  }

  private record Named(DataFile data, String split) {}

  private static Named named(String source) {
    int at = source.lastIndexOf('@');
    boolean named = at > 0 && !Files.exists(Path.of(source));
    Path path = Path.of(named ? source.substring(0, at) : source);
    if (!Files.exists(path)) {
      throw new BadInput("--images " + path, "no such file or folder", "Check the path");
    }
    boolean folder = Files.isDirectory(path) && !Files.exists(path.resolve("data.yaml"));
    if (folder && named) {
      throw new BadInput(
          "--images " + source, "a folder of images has no splits", "Remove the @ and the split");
    }
    DataFile data = folder ? UnlabelledImages.folder(path) : DataFile.read(path);
    String split = named ? source.substring(at + 1) : DataFile.TRAIN;
    if (!data.splits().containsKey(split)) {
      String fix = "Choose one of " + data.splits().keySet();
      throw new BadInput(data.file(), "has no split '" + split + "'", fix);
    }
    return new Named(data, split);
  }
}
