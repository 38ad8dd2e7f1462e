package downstream.eval.data.synthetic;

import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;

/** A square image that was made, and what can be seen in it. */
abstract class LabelledScene {
  /** Owner of a pixel that shows the ground. */
  static final int NOBODY = -1;

  private final int[] owners;
  private final int size;

  /**
   * @param size pixels along each side
   * @param owners number of the object that each pixel shows, or {@link #NOBODY}; row by row
   */
  LabelledScene(int size, int[] owners) {
    this.size = size;
    this.owners = owners.clone();
  }

  abstract Image image();

  /** Number of objects that can be seen. */
  abstract int count();

  /** Class value of an object, from 1. */
  abstract int category(int object);

  /** The class value of each pixel; 0 is ground. */
  final LabelMap labels() {
    byte[] values = new byte[owners.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (owners[i] == NOBODY ? 0 : category(owners[i]));
    }
    return LabelMap.of(size, size, values);
  }

  /** Pixels that show an object: row by row, those behind others left out; at least one. */
  final boolean[] mask(int object) {
    boolean[] mask = new boolean[owners.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = owners[i] == object;
    }
    return mask;
  }
}
