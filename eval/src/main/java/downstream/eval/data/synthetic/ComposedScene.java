package downstream.eval.data.synthetic;

import downstream.eval.data.image.CutOut;
import downstream.eval.data.image.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A scene of objects pasted on a photograph, nearer ones over farther ones. An object that is
 * mostly hidden is taken out, so that whatever can be seen is labelled.
 */
final class ComposedScene extends LabelledScene {
  private static final double VISIBLE_SHARE = .3;
  private static final int VISIBLE_PIXELS = 10;

  private final int size;
  private final CutOut ground;
  private final List<PastedObject> objects;

  /**
   * @param ground a square of a photograph
   * @param objects farthest first
   */
  private ComposedScene(int size, CutOut ground, List<PastedObject> objects) {
    super(size, owners(objects, size));
    this.size = size;
    this.ground = ground;
    this.objects = objects;
  }

  /**
   * Orders the objects by depth, the small ones tending to the front, and takes out hidden ones.
   */
  static ComposedScene of(int size, CutOut ground, List<PastedObject> objects, SplitMix64 random) {
    record Deep(PastedObject object, double depth) {}
    List<PastedObject> sorted =
        objects.stream()
            .map(object -> new Deep(object, object.side() * random.between(.4, 1)))
            .sorted(Comparator.comparingDouble(deep -> -deep.depth()))
            .map(Deep::object)
            .toList();
    return new ComposedScene(size, ground, withoutHidden(new ArrayList<>(sorted), size));
  }

  private static List<PastedObject> withoutHidden(List<PastedObject> objects, int size) {
    int[] visible = new int[objects.size()];
    for (int owner : owners(objects, size)) {
      if (owner != NOBODY) {
        visible[owner]++;
      }
    }
    // Farthest first: what hides it may be hidden itself, but not by it.
    for (int i = 0; i < visible.length; i++) {
      if (visible[i] < VISIBLE_PIXELS || visible[i] < VISIBLE_SHARE * objects.get(i).area()) {
        objects.remove(i);
        return withoutHidden(objects, size);
      }
    }
    return List.copyOf(objects);
  }

  private static int[] owners(List<PastedObject> objects, int size) {
    int[] owners = new int[size * size];
    java.util.Arrays.fill(owners, NOBODY);
    for (int i = 0; i < objects.size(); i++) {
      objects.get(i).mark(owners, size, i);
    }
    return owners;
  }

  @Override
  Image image() {
    double[] canvas = new double[3 * size * size];
    paintGround(canvas);
    objects.forEach(object -> object.paint(canvas, size));
    byte[] rgb = new byte[canvas.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.round(Math.max(0, Math.min(255, canvas[i])));
    }
    return Image.of(size, size, rgb);
  }

  private void paintGround(double[] canvas) {
    Image image = ground.image();
    int samples = Math.max(1, (image.width() + size - 1) / size);
    for (int i = 0; i < size * size; i++) {
      double[] sum = sampleGround(i % size, i / size, samples);
      for (int channel = 0; channel < 3; channel++) {
        canvas[3 * i + channel] = sum[channel] / sum[3];
      }
    }
  }

  private double[] sampleGround(int x, int y, int samples) {
    double[] sum = new double[4];
    for (int j = 0; j < samples; j++) {
      for (int i = 0; i < samples; i++) {
        double u = (x + (i + .5) / samples) / size;
        double v = (y + (j + .5) / samples) / size;
        Sampling.add(ground, u, v, sum);
      }
    }
    return sum;
  }

  @Override
  int count() {
    return objects.size();
  }

  @Override
  int category(int object) {
    return objects.get(object).category();
  }
}
