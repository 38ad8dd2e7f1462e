package downstream.eval.data.synthetic;

import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;

/** A square image that was made, and what can be seen in it. */
interface LabelledScene {
  Image image();

  /** The class value of each pixel; 0 is ground. */
  LabelMap labels();

  /** Number of objects that can be seen. */
  int count();

  /** Class value of an object, from 1. */
  int category(int object);

  /** Pixels that show an object: row by row, those behind others left out; at least one. */
  boolean[] mask(int object);
}
