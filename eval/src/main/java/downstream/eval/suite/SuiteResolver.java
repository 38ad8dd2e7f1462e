package downstream.eval.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.synthetic.SyntheticScenes;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.Pretrainers;
import downstream.eval.task.Protocols;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Resolves the parts of a suite and their paths in a folder, and checks all that can be checked
 * before anything runs.
 */
final class SuiteResolver {
  private final SuiteFile file;
  private final Path out;
  private final List<PrepareStep> preparations = new ArrayList<>();
  private final Map<String, Path> data = new LinkedHashMap<>();
  private final Map<String, Path> encoders = new LinkedHashMap<>();

  /** The encoders that an entry stands for: itself, or one for each of its seeds. */
  private final Map<String, List<String>> copies = new LinkedHashMap<>();

  private SuiteResolver(SuiteFile file, Path out) {
    this.file = file;
    this.out = out;
  }

  /**
   * @param out the suite's folder
   * @param evaluations whether the evaluations are laid out, too
   * @throws BadInput naming file, field, value and fix
   */
  static Suite of(SuiteFile file, Path out, boolean evaluations) {
    SuiteResolver layout = new SuiteResolver(file, out);
    file.data().forEach(layout::dataEntry);
    file.encoders().forEach(layout::encoderEntry);
    List<RankedGroup> blocks = new ArrayList<>();
    for (int i = 0; evaluations && i < file.evaluations().size(); i++) {
      blocks.addAll(
          layout.sections(file.where() + ": evaluations[" + i + "]", file.evaluations().get(i)));
    }
    List<PlannedComparison> comparisons = new ArrayList<>();
    for (PlannedComparison planned : file.comparisons()) {
      String where = file.where() + ": comparisons[" + comparisons.size() + "]";
      planned.tasks().forEach(Tasks::named);
      comparisons.add(
          planned.between(layout.side(where, planned.a()), layout.side(where, planned.b())));
    }
    return new Suite(
        List.copyOf(layout.preparations),
        layout.encoders,
        List.copyOf(blocks),
        List.copyOf(comparisons),
        file.board());
  }

  private void dataEntry(String name, DataEntry source) {
    if (source.scenes() == null) {
      Path path = Path.of(Objects.requireNonNull(source.file()));
      requireExists(file.where() + ": data." + name, path);
      data.put(name, path);
    } else {
      Path folder = out.resolve(name);
      data.put(name, folder);
      preparations.add(
          new PrepareStep(
              name,
              List.of(),
              scenes(folder, source.scenes()),
              folder.resolve("data.yaml"),
              Optional.empty()));
    }
  }

  private static void requireExists(String where, Path path) {
    if (!Files.exists(path)) {
      throw new BadInput(where, "'" + path + "' does not exist", "Check the path");
    }
  }

  private static List<String> scenes(Path folder, SyntheticScenes scenes) {
    List<String> command = new ArrayList<>(List.of("data", "scenes", "--out", folder.toString()));
    command.addAll(List.of("--images", "" + scenes.images(), "--val", "" + scenes.val()));
    command.addAll(List.of("--size", "" + scenes.size(), "--seed", "" + scenes.seed()));
    return command;
  }

  private void encoderEntry(String name, EncoderEntry entry) {
    String where = file.where() + ": encoders." + name;
    if (entry.pretrain() == null) {
      Path path = Path.of(Objects.requireNonNull(entry.file()));
      requireExists(where, path);
      encoder(where, name, path);
      copies.put(name, List.of(name));
      return;
    }
    List<String> names = new ArrayList<>();
    List<Long> seeds = entry.seedList();
    for (long seed : seeds) {
      String copy = seeds.size() == 1 ? name : name + "-" + seed;
      names.add(copy);
      pretraining(where, copy, entry, entry.pretrain(), seed);
    }
    copies.put(name, names);
  }

  private void pretraining(
      String where, String name, EncoderEntry entry, String method, long seed) {
    List<String> needs = new ArrayList<>();
    List<String> images =
        entry.images().stream().map(image -> images(where, image, needs)).toList();
    Path folder = out.resolve(name);
    List<String> command = new ArrayList<>(List.of("pretrain", method, "--images"));
    command.addAll(images);
    command.addAll(List.of("--out", folder.toString(), "--seed", "" + seed));
    String preset = entry.preset() == null ? Pretrainer.DEFAULT_PRESET : entry.preset();
    command.addAll(List.of("--preset", preset));
    entry.set().forEach(assignment -> command.addAll(List.of("--set", assignment)));
    if (entry.budget() != null) {
      command.addAll(List.of("--budget", entry.budget()));
    }
    for (String key : List.of("init", "stage1")) {
      String from = key.equals("init") ? entry.init() : entry.stage1();
      if (from != null) {
        String copy = copyOf(where + ": " + key, from, seed);
        needs.add(copy);
        command.addAll(List.of("--" + key, Suite.known(where, copy, encoders).toString()));
      }
    }
    PrepareStep.Training training =
        new PrepareStep.Training(method, settings(where, entry, method, preset), images, seed);
    if (!name.equals(method)) {
      command.addAll(List.of("--name", name));
    }
    Path onnx = folder.resolve(name + ".onnx");
    preparations.add(new PrepareStep(name, needs, command, onnx, Optional.of(training)));
    encoder(where, name, onnx);
  }

  /** The encoder to start from: of one with several seeds, the copy of the same seed. */
  private String copyOf(String where, String name, long seed) {
    List<String> candidates = Suite.known(where, name, copies);
    String paired = candidates.size() == 1 ? candidates.get(0) : name + "-" + seed;
    if (!candidates.contains(paired)) {
      throw new BadInput(
          where,
          "'" + name + "' has no seed " + seed + ", only " + candidates,
          "Give both encoders the same seeds");
    }
    return paired;
  }

  /**
   * Returns a side of a comparison as {@code compare} takes it: an entry of one encoder by the name
   * of its file, an entry of several seeds by a pattern.
   */
  private String side(String where, String side) {
    if (side.startsWith("method:")) {
      return side;
    }
    List<String> names = copies.getOrDefault(side, List.of(side));
    if (names.size() == 1) {
      Path path = Suite.known(where, names.get(0), encoders);
      return String.valueOf(path.getFileName()).replaceFirst("\\.onnx$", "");
    }
    String prefix = side + "-";
    List<String> alike =
        encoders.keySet().stream()
            .filter(name -> name.startsWith(prefix) && !names.contains(name))
            .toList();
    if (!alike.isEmpty()) {
      throw new BadInput(
          where,
          "'" + side + "' has several seeds, and " + alike + " would be taken for more of them",
          "Choose names of encoders that do not begin with '" + prefix + "'");
    }
    return prefix + "*";
  }

  private void encoder(String where, String name, Path path) {
    if (data.containsKey(name) || encoders.put(name, path) != null) {
      throw new BadInput(where, "'" + name + "' is defined twice", "Choose another name");
    }
  }

  /** A source of images; a data set of the suite goes by its name, or NAME@SPLIT. */
  private String images(String where, String image, List<String> needs) {
    String name = image.replaceFirst("@.*", "");
    Path known = data.get(name);
    if (known == null) {
      requireExists(where + ": images", Path.of(Files.exists(Path.of(image)) ? image : name));
      return image;
    }
    needs.add(name);
    return known + image.substring(name.length());
  }

  private static ObjectNode settings(
      String where, EncoderEntry entry, String method, String preset) {
    Record defaults = Pretrainers.named(method).preset(preset);
    ObjectNode given = Json.MAPPER.createObjectNode();
    entry.set().forEach(assignment -> Json.assign(given, assignment));
    if (entry.budget() != null) {
      given.put("budget", entry.budget());
    }
    ObjectNode settings = Json.over(Json.MAPPER.valueToTree(defaults), given);
    return Json.MAPPER.valueToTree(Json.as(where, settings, defaults.getClass()));
  }

  private List<RankedGroup> sections(String where, Grid grid) {
    Task task = Tasks.named(grid.task());
    List<String> names = new ArrayList<>();
    for (String name : grid.encoders() == null ? copies.keySet() : grid.encoders()) {
      names.addAll(Suite.known(where + ": encoders", name, copies));
    }
    if (names.isEmpty()) {
      throw new BadInput(where, "has no encoders", "List encoders under 'encoders'");
    }
    List<RankedGroup> blocks = new ArrayList<>();
    for (String set : grid.data()) {
      Path path = Suite.known(where + ": data", set, data);
      for (String protocol : grid.protocols()) {
        Protocols.load(task, protocol, grid.set());
        blocks.add(new RankedGroup(grid, set, path, protocol, List.copyOf(names)));
      }
    }
    return blocks;
  }
}
