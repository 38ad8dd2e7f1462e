package downstream.eval.run;

import java.io.IOException;

/** A way to pretrain an encoder, found by ServiceLoader. */
public interface Pretrainer {
  /** The id on the command line, unique: {@code mae}. */
  String name();

  /** One sentence for {@code ls}. */
  String summary();

  /** The record of its settings; a field that is absent takes the record's default. */
  Class<? extends Record> settingsType();

  /**
   * Trains and writes the encoder to {@code pretraining.out()}; resumes from a checkpoint in the
   * same folder.
   */
  void run(Pretraining pretraining) throws IOException;
}
