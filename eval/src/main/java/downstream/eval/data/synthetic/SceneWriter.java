package downstream.eval.data.synthetic;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes sets of labelled scenes: {@code train} and {@code val}, each with {@code images}, {@code
 * masks} and {@code instances.json} (COCO), and a {@code data.yaml} that serves detection and
 * segmentation. Images are made in parallel, a few at a time: memory does not grow with their
 * number.
 *
 * @param marker name of the file that holds the settings
 * @param settings all that decides the bytes, as they are written to the marker
 * @param yamlHead first lines of the data YAML, with name and classes
 * @param classes names of the classes, from value 1
 * @param size pixels along each side
 */
record SceneWriter(
    String marker, Map<String, Object> settings, String yamlHead, List<String> classes, int size) {
  static final String TRAIN = "train";
  static final String VAL = "val";

  /** Scenes in the making at once. */
  private static final int CHUNK = 64;

  SceneWriter {
    settings = Map.copyOf(settings);
    classes = List.copyOf(classes);
  }

  /** Makes scenes. */
  @FunctionalInterface
  interface Source {
    /**
     * Makes a scene, which depends on nothing but the arguments.
     *
     * @param split {@link #TRAIN} or {@link #VAL}
     * @param index from 0
     */
    LabelledScene make(String split, int index);
  }

  /**
   * Writes the set; does nothing if it is there already, and finishes one that was broken off.
   *
   * @return the data YAML, written last
   * @throws BadInput if the folder holds anything else, or cannot be written
   */
  Path write(Path out, int images, int val, Source source) {
    Path yaml = out.resolve("data.yaml");
    refuseForeign(out);
    if (Files.exists(yaml)) {
      return yaml;
    }
    AtomicFile.write(out.resolve(marker), Json.pretty(settings));
    try (Progress progress = new Progress("scenes", "image", 0, images + val, 1)) {
      writeSplit(out, TRAIN, images, source, done -> progress.at(done, ""));
      writeSplit(out, VAL, val, source, done -> progress.at(images + done, ""));
    }
    AtomicFile.write(yaml, yaml().getBytes(StandardCharsets.UTF_8));
    return yaml;
  }

  private void refuseForeign(Path out) {
    Path stored = out.resolve(marker);
    try {
      if (!Files.exists(out)) {
        return;
      }
      boolean ours =
          Files.exists(stored) && Arrays.equals(Files.readAllBytes(stored), Json.pretty(settings));
      try (Stream<Path> content = Files.list(out)) {
        if (!ours && content.findAny().isPresent()) {
          throw new BadInput(
              out,
              "is not empty, and was written with other options or by something else",
              "Give an empty folder, or delete this one");
        }
      }
    } catch (IOException e) {
      throw BadInput.unreadable(out, e);
    }
  }

  private String yaml() {
    String source = ": [{format: coco, images: %1$s/images, annotations: %1$s/instances.json, ";
    String line = source + "masks: %1$s/masks}]\n";
    return yamlHead + TRAIN + line.replace("%1$s", TRAIN) + VAL + line.replace("%1$s", VAL);
  }

  private void writeSplit(
      Path out, String split, int count, Source source, java.util.function.IntConsumer progress) {
    Path folder = out.resolve(split);
    try {
      Files.createDirectories(folder.resolve("images"));
      Files.createDirectories(folder.resolve("masks"));
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    AtomicFile.write(
        folder.resolve("instances.json"),
        json -> {
          text(json, "{\"annotations\":[");
          int written = 0;
          for (int start = 0; start < count; start += CHUNK) {
            int end = Math.min(count, start + CHUNK);
            for (Map<String, Object> annotation : makeScenes(folder, start, end, source)) {
              annotation.put("id", ++written);
              text(json, (written == 1 ? "" : ",") + Json.canonical(annotation));
            }
            progress.accept(end);
          }
          text(json, "],\"categories\":" + Json.canonical(categories()) + ",\"images\":[");
          for (int i = 0; i < count; i++) {
            text(json, (i == 0 ? "" : ",") + Json.canonical(image(i)));
          }
          text(json, "]}");
        });
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes and stores scenes; gives their annotations in order, without ids. */
  private List<Map<String, Object>> makeScenes(Path folder, int start, int end, Source source) {
    return IntStream.range(start, end)
        .parallel()
        .mapToObj(index -> makeScene(folder, index, source))
        .flatMap(List::stream)
        .toList();
  }

  private List<Map<String, Object>> makeScene(Path folder, int index, Source source) {
    LabelledScene scene = source.make(String.valueOf(folder.getFileName()), index);
    try {
      Files.write(folder.resolve("images").resolve(name(index)), scene.image().storedPng());
      Files.write(folder.resolve("masks").resolve(name(index)), scene.labels().storedPng());
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    List<Map<String, Object>> annotations = new ArrayList<>();
    for (int i = 0; i < scene.count(); i++) {
      Map<String, Object> annotation = annotation(scene.category(i), scene.mask(i));
      annotation.put("image_id", index + 1);
      annotations.add(annotation);
    }
    return annotations;
  }

  private static BadInput unwritable(Path folder, IOException e) {
    return new BadInput(
        folder,
        "cannot be written (" + e + ")",
        "Check that the folder is writable and the disk has room",
        e);
  }

  private static String name(int index) {
    return String.format(Locale.ROOT, "%06d.png", index + 1);
  }

  private Map<String, Object> annotation(int category, boolean[] mask) {
    int left = size;
    int top = size;
    int right = 0;
    int bottom = 0;
    int area = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        left = Math.min(left, i % size);
        right = Math.max(right, i % size + 1);
        top = Math.min(top, i / size);
        bottom = Math.max(bottom, i / size + 1);
        area++;
      }
    }
    Map<String, Object> annotation = new TreeMap<>();
    annotation.put("category_id", category);
    annotation.put("bbox", List.of(left, top, right - left, bottom - top));
    annotation.put("area", area);
    annotation.put("iscrowd", 0);
    annotation.put("segmentation", Outline.of(mask, size));
    return annotation;
  }

  private Map<String, Object> image(int index) {
    return Map.of("id", index + 1, "file_name", name(index), "width", size, "height", size);
  }

  private List<Map<String, Object>> categories() {
    List<Map<String, Object>> categories = new ArrayList<>();
    for (String name : classes) {
      categories.add(Map.of("id", categories.size() + 1, "name", name, "supercategory", "thing"));
    }
    return categories;
  }
}
