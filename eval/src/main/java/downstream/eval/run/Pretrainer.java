package downstream.eval.run;

import java.io.IOException;

/** A way to pretrain an encoder, found by ServiceLoader. */
public interface Pretrainer {
  /** The id on the command line, unique: {@code mae}. */
  String name();

  /** One sentence for {@code ls}. */
  String summary();

  /**
   * Every setting at its default. The record's class is what settings files are read into, so its
   * constructor checks them.
   */
  Record defaults();

  /**
   * Trains and writes {@code <name>.onnx} into {@code pretraining.folder()}; resumes from a
   * checkpoint in the same folder.
   */
  void run(Pretraining pretraining) throws IOException;
}
