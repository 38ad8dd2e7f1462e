package downstream.eval.data.synthetic;

import downstream.eval.data.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One generated scene: objects on a ground, nearer ones over farther ones. An object that is mostly
 * hidden is taken out, so that whatever can be seen is labelled.
 */
final class Scene extends LabelledScene {
  private static final int FEWEST = 5;
  private static final int MOST = 12;
  private static final double VISIBLE_SHARE = 0.3;
  private static final int VISIBLE_PIXELS = 10;

  private final int size;
  private final Background ground;
  private final Lighting light;
  private final List<SceneObject> objects;
  private final SplitMix64 grain;

  private Scene(
      int size,
      Background ground,
      Lighting light,
      List<SceneObject> objects,
      int[] owners,
      SplitMix64 grain) {
    super(size, owners);
    this.size = size;
    this.ground = ground;
    this.light = light;
    this.objects = objects;
    this.grain = grain;
  }

  /** A square scene of 5 to 12 objects, some of which may then be hidden and go. */
  static Scene random(SplitMix64 dice, int size) {
    Background ground = Background.random(dice, size);
    Lighting light = Lighting.random(dice);
    List<SceneObject> objects = new ArrayList<>();
    int count = FEWEST + dice.below(MOST - FEWEST + 1);
    for (int i = 0; i < count; i++) {
      objects.add(SceneObject.random(dice, size));
    }
    // Nearest first: the small ones tend to be in front, or they would never be seen.
    double[] depth = objects.stream().mapToDouble(t -> t.radius() * dice.between(0.4, 1)).toArray();
    List<SceneObject> sorted =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> depth[i]))
            .map(objects::get)
            .toList();
    List<SceneObject> seen = withoutHidden(new ArrayList<>(sorted), size);
    return new Scene(
        size, ground, light, seen, owners(seen, size), new SplitMix64(dice.nextLong()));
  }

  private static List<SceneObject> withoutHidden(List<SceneObject> objects, int size) {
    int[] owners = owners(objects, size);
    for (int i = objects.size() - 1; i >= 0; i--) {
      int index = i;
      long visible = Arrays.stream(owners).filter(owner -> owner == index).count();
      if (visible < VISIBLE_PIXELS || visible < VISIBLE_SHARE * pixels(objects.get(i), size)) {
        objects.remove(i);
        return withoutHidden(objects, size);
      }
    }
    return List.copyOf(objects);
  }

  /** Counts the pixels of the image that an object alone would cover. */
  private static long pixels(SceneObject object, int size) {
    return Arrays.stream(owners(List.of(object), size)).filter(o -> o == 0).count();
  }

  /** Index of the nearest object over the centre of each pixel, or {@link #NOBODY}. */
  private static int[] owners(List<SceneObject> objects, int size) {
    int[] owners = new int[size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        owners[y * size + x] = nearest(objects, x + 0.5, y + 0.5);
      }
    }
    return owners;
  }

  private static int nearest(List<SceneObject> objects, double x, double y) {
    for (int i = 0; i < objects.size(); i++) {
      if (objects.get(i).covers(x, y)) {
        return i;
      }
    }
    return NOBODY;
  }

  /** The objects that can be seen, nearest first. */
  List<SceneObject> objects() {
    return objects;
  }

  @Override
  int count() {
    return objects.size();
  }

  @Override
  int category(int object) {
    return objects.get(object).kind().value();
  }

  /** The image: four samples a pixel, lit, with noise. */
  @Override
  Image image() {
    byte[] rgb = new byte[3 * size * size];
    for (int i = 0; i < size * size; i++) {
      int x = i % size;
      int y = i / size;
      ObjectColour sum =
          sample(x + 0.25, y + 0.25)
              .plus(sample(x + 0.75, y + 0.25))
              .plus(sample(x + 0.25, y + 0.75))
              .plus(sample(x + 0.75, y + 0.75));
      ObjectColour lit = light.on(sum.times(0.25), (double) x / size, (double) y / size);
      rgb[3 * i] = light.expose(lit.red(), grain);
      rgb[3 * i + 1] = light.expose(lit.green(), grain);
      rgb[3 * i + 2] = light.expose(lit.blue(), grain);
    }
    return Image.of(size, size, rgb);
  }

  private ObjectColour sample(double x, double y) {
    boolean shaded = false;
    for (SceneObject object : objects) {
      if (object.covers(x, y)) {
        return object.colour(x, y).times(shaded ? light.shade() : 1);
      }
      double reach = object.radius();
      shaded |= object.covers(x - reach * light.shadowX(), y - reach * light.shadowY());
    }
    return ground.colour(x, y).times(shaded ? light.shade() : 1);
  }
}
