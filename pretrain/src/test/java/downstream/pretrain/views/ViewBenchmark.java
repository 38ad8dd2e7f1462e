package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Microseconds of one thread's processor time to draw a view from a decoded image, the median of
 * several rounds.
 */
final class ViewBenchmark {
  private static final int[][] IMAGES = {{96, 96}, {256, 256}, {640, 480}};
  private static final int ROUNDS = 9;
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private ViewBenchmark() {}

  public static void main(String[] args) {
    int size = args.length > 0 ? Integer.parseInt(args[0]) : 64;
    int draws = args.length > 1 ? Integer.parseInt(args[1]) : 400;
    System.out.printf("µs a view of %d px, from images of%n%-16s", size, "");
    for (int[] image : IMAGES) {
      System.out.printf("%10s", image[0] + "×" + image[1]);
    }
    System.out.println();
    views(size)
        .forEach(
            (name, view) -> {
              System.out.printf("%-16s", name);
              for (int[] image : IMAGES) {
                System.out.printf("%10.0f", microseconds(view, photo(image[0], image[1]), draws));
              }
              System.out.println();
            });
  }

  private static Map<String, View> views(int size) {
    Map<String, View> views = new LinkedHashMap<>();
    views.put("byol first", ByolView.first(size, .08));
    views.put("byol second", ByolView.second(size, .08));
    views.put("orl first", OrlView.first(size, .08));
    views.put("orl second", OrlView.second(size, .08));
    views.put("simsiam", new SimSiamView(size, .2));
    views.put("moco 1", new MocoView(size, .2));
    views.put("simclr", new SimClrView(size, .08, 1, true));
    views.put("mae", CropView.mae(size, .2));
    views.put("simmim", CropView.simmim(size, .67));
    views.put("ringmo", CropView.ringmo(size, .67));
    views.put("ioca region", ofHalf(new IocaRegionView(size)));
    views.put("orl patch", ofHalf(OrlView.firstPatch(size)));
    return views;
  }

  /** Of a region of half the sides. */
  private static View ofHalf(RegionView view) {
    return new View() {
      @Override
      public int size() {
        return view.size();
      }

      @Override
      public float[] draw(Image image, RandomGenerator random) {
        int width = image.width() / 2;
        int height = image.height() / 2;
        return view.draw(image, new Region(width / 2, height / 2, width, height), random);
      }
    };
  }

  private static double microseconds(View view, Image image, int draws) {
    List<Double> rounds = new ArrayList<>();
    float sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(round);
      long start = THREAD.getCurrentThreadCpuTime();
      for (int draw = 0; draw < draws; draw++) {
        sum += view.draw(image, random)[draw];
      }
      rounds.add((THREAD.getCurrentThreadCpuTime() - start) / 1e3 / draws);
    }
    if (Float.isNaN(sum)) {
      throw new IllegalStateException("a view is not a number");
    }
    return rounds.subList(ROUNDS / 3, ROUNDS).stream().sorted().toList().get(ROUNDS / 3);
  }

  /** Soft blobs of colour with some noise, as compressible and as coloured as photos are. */
  private static Image photo(int width, int height) {
    SplittableRandom random = new SplittableRandom(5);
    byte[] coarse = new byte[8 * 6 * 3];
    random.nextBytes(coarse);
    Image soft = Image.of(8, 6, coarse).resize(width, height);
    byte[] rgb = soft.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.max(0, Math.min(255, (rgb[i] & 255) + random.nextInt(17) - 8));
    }
    return Image.of(width, height, rgb);
  }
}
