/** The pretrain module. */
@NullMarked
package downstream.pretrain;

import org.jspecify.annotations.NullMarked;
