package downstream.pretrain.settings;

/**
 * MAE's decoder.
 *
 * @param width D of the decoder (paper: 512 beside 768)
 * @param depth blocks (paper: 8)
 * @param attentionHeads number of attention heads (paper: 16)
 */
public record DecoderSettings(int width, int depth, int attentionHeads) {
  public static final DecoderSettings SMOKE = new DecoderSettings(16, 1, 2);
  public static final DecoderSettings SMALL = new DecoderSettings(64, 2, 4);
  public static final DecoderSettings PAPER = new DecoderSettings(512, 8, 16);

  public DecoderSettings {
    SettingsChecks.positive("decoder.depth", depth);
    SettingsChecks.that(
        width > 0 && width % 4 == 0 && attentionHeads > 0 && width % attentionHeads == 0,
        "decoder.width must be a multiple of 4 and of decoder.attentionHeads, not " + width);
  }
}
