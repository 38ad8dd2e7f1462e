package downstream.pretrain.views;

/** The weight of a pixel by its distance from the point at which the image is sampled. */
enum Kernel {
  /** A triangle: bilinear interpolation where the image grows. */
  LINEAR(1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  },

  /** Keys' cubic with a = −1/2, as PIL and TensorFlow 2 have it. */
  CUBIC(2) {
    @Override
    double weight(double distance) {
      double d = Math.abs(distance);
      if (d < 1) {
        return (1.5 * d - 2.5) * d * d + 1;
      }
      return d < 2 ? ((-.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
  };

  private final int reach;

  Kernel(int reach) {
    this.reach = reach;
  }

  /** Distance at which the weights end, in pixels of the coarser grid. */
  int reach() {
    return reach;
  }

  abstract double weight(double distance);
}
