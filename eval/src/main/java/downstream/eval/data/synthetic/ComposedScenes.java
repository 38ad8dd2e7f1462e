package downstream.eval.data.synthetic;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.annotation.SortedFiles;
import downstream.eval.data.image.CutOut;
import downstream.eval.data.image.Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Sets of scenes composed of a user's images: cut-outs or crops of objects, pasted on backgrounds.
 * Objects and backgrounds of training scenes are never those of evaluation scenes. The same files
 * and settings give the same bytes, with any number of threads.
 */
public final class ComposedScenes {
  /** Version of the composition, raised whenever a byte of its output changes. */
  private static final String VERSION = "compose 1";

  private static final int MOST_CLASSES = 254;
  private static final double BEYOND = .25;

  private final ComposeSettings settings;
  private final List<String> classes = new ArrayList<>();
  private final List<SourceFiles> objects = new ArrayList<>();
  private final SourceFiles backgrounds;

  private ComposedScenes(ComposeSettings settings, Sources sources) {
    this.settings = settings;
    backgrounds =
        SourceFiles.of(
            "--backgrounds",
            sources.backgrounds(),
            sources.backgroundPrefix(),
            settings.valFraction(),
            settings.seed());
    for (String name : classNames(sources.objects())) {
      classes.add(name);
      objects.add(
          SourceFiles.ofClass(sources.objects(), name, settings.valFraction(), settings.seed()));
    }
    if (settings.cutOut() == ComposeSettings.CutOutShape.ALPHA) {
      objects.forEach(files -> refuseOpaque(files.train()));
      objects.forEach(files -> refuseOpaque(files.val()));
    }
  }

  /**
   * Folders of a user's images.
   *
   * @param objects folder with a folder for each class, or with {@code train} and {@code val} (or
   *     {@code test}) that have these
   * @param backgrounds folder of images, or with {@code train} and {@code val} (or {@code test})
   * @param backgroundPrefix beginning of the names of the backgrounds that count
   */
  public record Sources(Path objects, Path backgrounds, String backgroundPrefix) {}

  /**
   * Lists the images and checks them.
   *
   * @throws BadInput if there are too few, or one cannot be used
   */
  public static ComposedScenes of(ComposeSettings settings, Sources sources) {
    return new ComposedScenes(settings, sources);
  }

  private static List<String> classNames(Path root) {
    String val = SourceFiles.valFolder(root);
    TreeSet<String> names = new TreeSet<>();
    List<Path> roots =
        val.isEmpty() ? List.of(root) : List.of(root.resolve("train"), root.resolve(val));
    for (Path folder : roots) {
      for (Map.Entry<String, Path> image : SortedFiles.images(folder).entrySet()) {
        int slash = image.getKey().indexOf('/');
        if (slash < 0) {
          throw new BadInput(
              image.getValue(), "is in no class folder", "Move it into a folder of its class");
        }
        names.add(image.getKey().substring(0, slash));
      }
    }
    if (names.isEmpty() || names.size() > MOST_CLASSES) {
      throw new BadInput(
          "--objects " + root,
          "holds " + names.size() + " folders with images",
          "Give a folder that has 1 to " + MOST_CLASSES + " folders, one for each class");
    }
    return List.copyOf(names);
  }

  private static void refuseOpaque(List<Path> files) {
    for (Path file : files) {
      CutOut cutOut = CutOut.read(file).orElseThrow(() -> withoutAlpha(file, "has no"));
      if (!cutOut.isVisible()) {
        throw withoutAlpha(file, "is transparent all over in its");
      }
    }
  }

  private static BadInput withoutAlpha(Path file, String what) {
    return new BadInput(
        file,
        what + " alpha channel, which --cut-out alpha needs",
        "Give a PNG whose background is transparent, or --cut-out rounded for plain crops");
  }

  /**
   * Writes the set; does nothing if it is there already, and finishes one that was broken off.
   *
   * @return the data YAML, written last
   * @throws BadInput if the folder holds anything else, or cannot be written
   */
  public Path write(Path out) {
    String names = classes.stream().map(Json::canonical).collect(Collectors.joining(", "));
    String yamlHead = "name: composed\nclasses: [\"background\", " + names + "]\n";
    Map<String, Object> all = new HashMap<>(settings.described());
    all.put("version", VERSION);
    all.put("classes", classes);
    all.put("objects", objects.stream().map(SourceFiles::digest).toList());
    all.put("backgrounds", backgrounds.digest());
    return new SceneWriter("compose.json", all, yamlHead, classes, settings.size())
        .write(out, settings.images(), settings.val(), this::scene);
  }

  private ComposedScene scene(String split, int index) {
    SplitMix64 random = SplitMix64.of(settings.seed(), "composed " + split, index);
    CutOut ground = ground(split, random);
    int span = settings.mostObjects() - settings.fewestObjects() + 1;
    int count = settings.fewestObjects() + random.below(span);
    List<PastedObject> pasted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pasted.add(object(split, random));
    }
    return ComposedScene.of(settings.size(), ground, pasted, random);
  }

  /** A random square of a random background, 60 to 100% of its shorter side, perhaps mirrored. */
  private CutOut ground(String split, SplitMix64 random) {
    Image image = Image.read(oneOf(backgrounds.of(split), random));
    int shorter = Math.min(image.width(), image.height());
    int side = Math.max(1, (int) (shorter * random.between(.6, 1)));
    int x = random.below(image.width() - side + 1);
    int y = random.below(image.height() - side + 1);
    Image square = image.crop(x, y, side, side);
    return CutOut.opaque(random.below(2) == 0 ? square : square.flip());
  }

  private PastedObject object(String split, SplitMix64 random) {
    int category = random.below(classes.size());
    Path file = oneOf(objects.get(category).of(split), random);
    CutOut source =
        settings.cutOut() == ComposeSettings.CutOutShape.ALPHA
            ? CutOut.read(file).orElseThrow(() -> withoutAlpha(file, "has no"))
            : CutOut.opaque(Image.read(file));
    double longer = settings.size() * random.scale(settings.minScale(), settings.maxScale());
    double scale = longer / Math.max(source.image().width(), source.image().height());
    int width = (int) Math.max(1, Math.round(scale * source.image().width()));
    int height = (int) Math.max(1, Math.round(scale * source.image().height()));
    int left = (int) Math.round(-BEYOND * width + random.next() * range(width));
    int top = (int) Math.round(-BEYOND * height + random.next() * range(height));
    PastedShape shape = settings.shape(random);
    boolean mirrored = random.below(2) == 1;
    return new PastedObject(
        source, category + 1, shape, mirrored, new int[] {left, top, width, height});
  }

  /** Length of the places of a left or upper edge: a quarter of an object may be cut off. */
  private double range(int length) {
    return settings.size() - (1 - 2 * BEYOND) * length;
  }

  private static Path oneOf(List<Path> files, SplitMix64 random) {
    return files.get(random.below(files.size()));
  }
}
