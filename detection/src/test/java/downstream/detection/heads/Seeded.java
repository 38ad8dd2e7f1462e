package downstream.detection.heads;

/** Numbers that any language draws alike: inputs of the recorded values of torchvision. */
public final class Seeded {
  private long state;

  Seeded(long seed) {
    state = seed;
  }

  /** In [0, 1), of 23 bits. */
  float next() {
    state = (state * 1103515245L + 12345) % (1L << 31);
    return (state >> 8) / 8388608f;
  }

  static float[] numbers(int count, long seed) {
    return numbers(count, seed, 1, 0);
  }

  static float[] numbers(int count, long seed, double factor, double offset) {
    Seeded seeded = new Seeded(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (seeded.next() * factor + offset);
    }
    return numbers;
  }

  /** Boxes of sides 4 to 40 in a square of 100. */
  static float[] boxes(int count, long seed) {
    Seeded seeded = new Seeded(seed);
    float[] boxes = new float[4 * count];
    for (int i = 0; i < 4 * count; i += 4) {
      double x = seeded.next() * 60.0;
      double y = seeded.next() * 60.0;
      boxes[i] = (float) x;
      boxes[i + 1] = (float) y;
      boxes[i + 2] = (float) (x + 4 + seeded.next() * 36.0);
      boxes[i + 3] = (float) (y + 4 + seeded.next() * 36.0);
    }
    return boxes;
  }

  /** sin(a·i + b), in double precision, then rounded. */
  public static float[] waves(int count, double a, double b) {
    float[] waves = new float[count];
    for (int i = 0; i < count; i++) {
      waves[i] = (float) Math.sin(a * i + b);
    }
    return waves;
  }
}
