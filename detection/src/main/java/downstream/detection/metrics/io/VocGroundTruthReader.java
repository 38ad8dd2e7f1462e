package downstream.detection.metrics.io;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.Convention;
import downstream.detection.metrics.GroundTruth;
import downstream.eval.BadInput;
import downstream.eval.data.annotation.VocObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Reads the ground truth of a Pascal VOC folder: {@code Annotations/*.xml}; images are not needed.
 * An image is named by its file name without ending. Where results give numbers, they are those in
 * the names or, failing that, places in file-name order from 1. Categories are numbered from 1 in
 * the given order, else in alphabetical order, which is VOC's own.
 */
public final class VocGroundTruthReader {
  private final Path folder;
  private final List<String> stems;
  private final Map<String, List<VocObject>> objects = new LinkedHashMap<>();
  private final List<String> classes;
  private final Convention convention;

  private VocGroundTruthReader(
      Path folder, Optional<String> split, List<String> classes, Convention convention) {
    this.convention = convention;
    this.folder = folder;
    Path annotations =
        Files.isDirectory(folder.resolve("Annotations")) ? folder.resolve("Annotations") : folder;
    stems = split.map(this::listed).orElseGet(() -> all(annotations));
    for (String stem : stems) {
      Path file = annotations.resolve(stem + ".xml");
      objects.put(stem, Files.exists(file) ? VocObject.read(file) : List.of());
    }
    TreeSet<String> found = new TreeSet<>();
    objects.values().forEach(list -> list.forEach(object -> found.add(object.name())));
    this.classes = classes.isEmpty() ? List.copyOf(found) : classes;
  }

  /**
   * Reads a folder.
   *
   * @param split the list {@code ImageSets/Main/<split>.txt}, or all XML files
   * @param classes the order of the category ids; empty for those that occur, alphabetically
   * @return the ground truth in every way its images can be numbered, the likelier first
   * @throws BadInput if there is no such folder or list, or a file is damaged
   */
  public static List<GroundTruth> read(
      Path folder, Optional<String> split, List<String> classes, Convention convention) {
    VocGroundTruthReader reader = new VocGroundTruthReader(folder, split, classes, convention);
    List<GroundTruth> readings = new ArrayList<>();
    reader.numbers().ifPresent(ids -> readings.add(reader.groundTruth(ids)));
    List<Long> places = LongStream.rangeClosed(1, reader.stems.size()).boxed().toList();
    if (reader.numbers().filter(places::equals).isEmpty()) {
      readings.add(reader.groundTruth(places));
    }
    return readings;
  }

  private static List<String> all(Path annotations) {
    if (!Files.isDirectory(annotations)) {
      throw new BadInput(
          "voc:" + annotations, "no such folder", "Give a folder with Annotations/*.xml");
    }
    try (Stream<Path> files = Files.list(annotations)) {
      List<String> stems =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".xml"))
              .map(name -> name.substring(0, name.length() - ".xml".length()))
              .sorted()
              .toList();
      if (stems.isEmpty()) {
        throw new BadInput("voc:" + annotations, "holds no XML files", "Give a VOC folder");
      }
      return stems;
    } catch (IOException e) {
      throw BadInput.unreadable(annotations, e);
    }
  }

  private List<String> listed(String split) {
    Path list = folder.resolve("ImageSets/Main/" + split + ".txt");
    try {
      return Files.readAllLines(list).stream()
          .map(line -> line.strip().split("\\s+", 2)[0])
          .filter(stem -> !stem.isEmpty())
          .distinct()
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      throw new BadInput(list, "no such file", "Give the name of a list in ImageSets/Main", e);
    } catch (IOException e) {
      throw BadInput.unreadable(list, e);
    }
  }

  /** The numbers in the file names, if all are different numbers. */
  private Optional<List<Long>> numbers() {
    if (!stems.stream().allMatch(stem -> stem.matches("\\d{1,18}"))) {
      return Optional.empty();
    }
    List<Long> numbers = stems.stream().map(Long::parseLong).toList();
    boolean distinct = numbers.stream().distinct().count() == numbers.size();
    return distinct ? Optional.of(numbers) : Optional.empty();
  }

  private GroundTruth groundTruth(List<Long> ids) {
    List<Integer> order =
        IntStream.range(0, stems.size()).boxed().sorted(Comparator.comparing(ids::get)).toList();
    BoxTable boxes = new BoxTable();
    List<String> names = new ArrayList<>();
    long thin = 0;
    for (int at : order) {
      for (VocObject object : objects.getOrDefault(stems.get(at), List.of())) {
        thin += object.left() == object.right() || object.top() == object.bottom() ? 1 : 0;
        add(boxes, names.size(), object);
      }
      names.add(stems.get(at));
    }
    return new GroundTruth(
        order.stream().map(ids::get).toList(),
        LongStream.rangeClosed(1, classes.size()).boxed().toList(),
        classes,
        List.of(),
        boxes,
        Optional.of(new GroundTruth.Names(names, classes)),
        Optional.empty(),
        warnings(thin));
  }

  private List<String> warnings(long thin) {
    List<String> warnings = new ArrayList<>();
    if (thin > 0) {
      warnings.add(thin + " boxes are one pixel wide or high: they count");
    }
    long difficult =
        objects.values().stream().flatMap(List::stream).filter(VocObject::difficult).count();
    if (difficult > 0 && !convention.isVoc()) {
      warnings.add(difficult + " difficult objects count like any other; VOC leaves them out");
    }
    return warnings;
  }

  /** Both corners are part of the box: it is a pixel wider than their difference. */
  private void add(BoxTable boxes, int image, VocObject object) {
    double width = object.right() - object.left() + 1;
    double height = object.bottom() - object.top() + 1;
    // Written so that NaN is refused, too.
    if (!(width >= 1 && height >= 1 && Double.isFinite(width + height))) {
      throw new BadInput(
          object.where(),
          "box from (%s, %s) to (%s, %s) has xmin > xmax or ymin > ymax"
              .formatted(object.left(), object.top(), object.right(), object.bottom()),
          "Correct the coordinates in the XML file");
    }
    int category = classes.indexOf(object.name());
    if (category < 0) {
      throw new BadInput(
          object.where(),
          "class '" + object.name() + "' is not among " + classes,
          "Add it to --classes, or correct the XML file");
    }
    int row = boxes.add(image, category, object.left() - 1, object.top() - 1, width, height, 0);
    boxes.ignored.set(row, object.difficult() && convention.isVoc());
  }
}
