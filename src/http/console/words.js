// States and grounds in words; what has none is shown by its name.

import { el, t } from './dom.js';

/** The states of an account. */
export const STATES = {
  unregistered: t('chưa đăng ký', 'unregistered'), level0: t('mức 0', 'level 0'), approved: t('đã duyệt, chờ kích hoạt', 'approved'),
  activation_overdue: t('quá hạn kích hoạt', 'activation overdue'), active: t('đang hoạt động', 'active'),
  temporarily_locked: t('tạm khóa', 'temporarily locked'), locked: t('bị khóa', 'locked'),
};

/** A state in words, coloured by what it allows. */
export const state = (name) => el('span', { class: `state ${name}` }, STATES[name] ?? name);

/** The grounds of a lock in words. */
export const GROUNDS = {
  holders_request: t('chủ thể yêu cầu', 'the holder asked'), breach_of_terms: t('vi phạm thỏa thuận', 'breach of terms'),
  card_revoked: t('thẻ bị thu hồi', 'card revoked'), card_expired: t('thẻ hết hạn', 'card expired'), death: t('chủ thể chết', 'death'),
  authoritys_request: t('cơ quan có thẩm quyền yêu cầu', 'an authority asked'), passport_expired: t('hộ chiếu hết hạn', 'passport expired'),
  residence_expired: t('hết hạn cư trú', 'residence expired'), dissolved: t('tổ chức giải thể', 'dissolved'),
  phone_reclaimed: t('số điện thoại bị thu hồi', 'phone number reclaimed'),
};
