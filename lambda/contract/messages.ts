import type { FieldCode, ProblemCode } from './problems.ts';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What went wrong, and what to do next. */
export interface ProblemText {
  readonly title: string;
  readonly detail: string;
}

type ProblemTexts = Readonly<Record<ProblemCode, Readonly<Record<Language, ProblemText>>>>;

/** What people read, by the code of the problem: the only texts of the API. */
export const problemTexts: ProblemTexts = {
  'invalid-input': {
    ja: { title: '入力に誤りがあります', detail: '「errors」に示された項目を直して、もう一度送信してください。' },
    en: { title: 'The input is not valid', detail: 'Correct the fields named in "errors" and send the request again.' },
  },
  'invalid-cursor': {
    ja: { title: 'ページの続きを読み込めません', detail: '一覧を最初から読み込み直してください。' },
    en: { title: 'The page cannot be continued', detail: 'Load the list again from its beginning.' },
  },
  unauthenticated: {
    ja: { title: 'ログインが必要です', detail: 'ログインしてから、もう一度お試しください。' },
    en: { title: 'Sign-in is needed', detail: 'Sign in and try again.' },
  },
  'invalid-credentials': {
    ja: { title: 'ログインできません', detail: 'メールアドレスとパスワード、または確認用の入力をお確かめください。' },
    en: { title: 'Sign-in failed', detail: 'Check the e-mail address and password, or the answer you gave.' },
  },
  forbidden: {
    ja: {
      title: 'この操作は許可されていません',
      detail: '必要な権限がありません。権限はプロフィールから申請できます。',
    },
    en: {
      title: 'This is not allowed',
      detail: 'Your role does not admit it. You can ask for another role in your profile.',
    },
  },
  suspended: {
    ja: { title: '利用が一時停止されています', detail: '停止の期限まで待つか、異議を申し立ててください。' },
    en: { title: 'Your account is suspended', detail: 'Wait until the suspension ends, or appeal against it.' },
  },
  banned: {
    ja: { title: '利用が禁止されています', detail: '自分のアカウントの操作と異議の申し立てだけができます。' },
    en: { title: 'Your account is banned', detail: 'Only your own account and an appeal remain open to you.' },
  },
  'not-on-list': {
    ja: { title: 'このディスカッションには投稿できません', detail: '参加については作成者にお問い合わせください。' },
    en: { title: 'You cannot post in this discussion', detail: 'Ask its owner to let you take part.' },
  },
  'not-found': {
    ja: { title: '見つかりません', detail: 'アドレスをお確かめください。閲覧できない場合にも、この表示になります。' },
    en: { title: 'Not found', detail: 'Check the address. What you may not read is shown as not found, too.' },
  },
  'method-not-allowed': {
    ja: { title: 'この方法では呼び出せません', detail: 'APIの説明で、使えるメソッドをお確かめください。' },
    en: { title: 'The method is not allowed', detail: 'See the API description for the methods of this address.' },
  },
  attached: {
    ja: { title: 'ファイルは使用中です', detail: '先に、投稿などからファイルを外してください。' },
    en: { title: 'The file is in use', detail: 'Take it off the post or discussion that it is attached to first.' },
  },
  'in-progress': {
    ja: { title: '同じ要求を処理しています', detail: '少し待ってから、同じ要求をもう一度送信してください。' },
    en: { title: 'The same request is being processed', detail: 'Wait a moment and send the same request again.' },
  },
  'invalid-transition': {
    ja: { title: '今の状態からは変更できません', detail: '最新の状態を読み込み、できる操作をお確かめください。' },
    en: {
      title: 'This change is not possible now',
      detail: 'Load the present state and see what can be done from there.',
    },
  },
  'last-admin': {
    ja: { title: '最後の管理者は外せません', detail: '先に、別の利用者を管理者にしてください。' },
    en: { title: 'The last administrator has to stay', detail: 'Make somebody else an administrator first.' },
  },
  'list-full': {
    ja: { title: '参加リストがいっぱいです', detail: '誰かをリストから外してから、追加してください。' },
    en: { title: 'The access list is full', detail: 'Take somebody off the list before you add another user.' },
  },
  locked: {
    ja: { title: 'ディスカッションは閉じられています', detail: '閲覧だけができます。再開されるまでお待ちください。' },
    en: { title: 'The discussion is closed', detail: 'It can only be read until it is opened again.' },
  },
  'moderators-full': {
    ja: { title: 'モデレーターは10人までです', detail: '誰かを外してから、任命してください。' },
    en: { title: 'There are ten moderators already', detail: 'Dismiss one before you appoint another.' },
  },
  'not-clean': {
    ja: { title: 'ファイルはまだ使えません', detail: '検査が終わるまで待ってから、もう一度お試しください。' },
    en: { title: 'The file cannot be used yet', detail: 'Wait until it has been checked, then try again.' },
  },
  'own-post': {
    ja: { title: '自分の投稿には反応できません', detail: 'ほかの人の投稿を選んでください。' },
    en: { title: 'You cannot react to your own post', detail: "Choose somebody else's post." },
  },
  'own-role': {
    ja: { title: '自分の権限は変更できません', detail: 'ほかの管理者に依頼してください。' },
    en: { title: 'You cannot change your own role', detail: 'Ask another administrator to do it.' },
  },
  'point-has-posts': {
    ja: { title: '投稿のある論点は削除できません', detail: '名前や位置は変えられます。論点を残して送信してください。' },
    en: {
      title: 'A point with posts cannot be deleted',
      detail: 'Rename or move it instead, and keep it in the list.',
    },
  },
  'quota-exceeded': {
    ja: { title: '保存できる量を超えています', detail: '使っていないファイルを削除してから、もう一度お試しください。' },
    en: { title: 'Your storage is full', detail: 'Delete files that you do not need, then try again.' },
  },
  'role-request-pending': {
    ja: { title: '権限の申請は受付済みです', detail: '管理者の判断をお待ちください。' },
    en: { title: 'You have asked for a role already', detail: 'Wait for the decision of an administrator.' },
  },
  'second-factor-missing': {
    ja: {
      title: '管理者には二段階認証が必要です',
      detail: '管理者になる人と、権限を変更する管理者は、先に認証アプリを設定してください。',
    },
    en: {
      title: 'An administrator needs a second factor',
      detail: 'Who is to be one, and who gives roles, must set up an authenticator app first.',
    },
  },
  'challenge-expired': {
    ja: { title: '確認の有効期限が切れました', detail: 'もう一度、最初からログインしてください。' },
    en: { title: 'The sign-in took too long', detail: 'Sign in again from the beginning.' },
  },
  'code-expired': {
    ja: { title: '確認コードの有効期限が切れました', detail: '新しいコードを送信してもらってください。' },
    en: { title: 'The code has expired', detail: 'Ask for a new code.' },
  },
  deleted: {
    ja: { title: '削除されました', detail: '一覧から、ほかのものを選んでください。' },
    en: { title: 'This has been deleted', detail: 'Choose something else from the list.' },
  },
  'version-conflict': {
    ja: { title: 'ほかの変更が先に保存されました', detail: '最新の内容を読み込み、変更をやり直してください。' },
    en: { title: 'Somebody else has changed this since', detail: 'Load it again, and make your change once more.' },
  },
  'too-large': {
    ja: { title: '送信した内容が大きすぎます', detail: '256 KiB以下にして、もう一度送信してください。' },
    en: { title: 'The request is too large', detail: 'Send at most 256 KiB.' },
  },
  'unsupported-media-type': {
    ja: { title: 'この形式は受け付けていません', detail: 'Content-Typeをapplication/jsonにして送信してください。' },
    en: { title: 'The format is not accepted', detail: 'Send JSON, with the Content-Type application/json.' },
  },
  'file-not-clean': {
    ja: { title: '使えないファイルが指定されています', detail: '検査が終わった自分のファイルだけを指定してください。' },
    en: { title: 'A file cannot be used', detail: 'Name only your own files whose check has ended well.' },
  },
  'file-too-large': {
    ja: { title: 'ファイルが大きすぎます', detail: 'この種類で許される大きさ以下のファイルを選んでください。' },
    en: { title: 'The file is too large', detail: 'Choose a file within the limit for its type.' },
  },
  'filter-rejected': {
    ja: { title: 'この内容は投稿できません', detail: '表現を見直してから、もう一度送信してください。' },
    en: { title: 'This content is not accepted', detail: 'Change the wording and send it again.' },
  },
  'idempotency-key-reused': {
    ja: { title: 'Idempotency-Keyが別の要求で使われています', detail: '新しいキーを付けて送信してください。' },
    en: { title: 'The Idempotency-Key belongs to another request', detail: 'Send the request with a new key.' },
  },
  'invalid-code': {
    ja: { title: '確認コードが正しくありません', detail: 'メールに書かれた6桁の数字をお確かめください。' },
    en: { title: 'The code is not right', detail: 'Check the six digits in the e-mail.' },
  },
  'invalid-points': {
    ja: { title: '論点の構成に誤りがあります', detail: '3階層以内にし、循環と同じ順番をなくしてください。' },
    en: {
      title: 'The tree of points is not valid',
      detail: 'Use at most three levels, no cycles, and no order twice.',
    },
  },
  'invalid-target': {
    ja: { title: '指定した相手が正しくありません', detail: '同じディスカッションと論点にあるものを指定してください。' },
    en: { title: 'What you refer to does not fit', detail: 'Name something in the same discussion and point.' },
  },
  'unsuitable-role': {
    ja: { title: '利用者の権限が足りません', detail: '必要な権限のある利用者を選んでください。' },
    en: { title: 'The role of that user does not fit', detail: 'Choose a user whose role admits it.' },
  },
  'unsupported-file-type': {
    ja: { title: 'この種類のファイルは使えません', detail: '対応している種類のファイルを選んでください。' },
    en: { title: 'Files of this type are not accepted', detail: 'Choose a file of an accepted type.' },
  },
  'weak-password': {
    ja: { title: 'パスワードが条件を満たしていません', detail: 'もっと長く、推測されにくいパスワードにしてください。' },
    en: { title: 'The password is too weak', detail: 'Choose a longer one that is hard to guess.' },
  },
  'precondition-required': {
    ja: { title: '変更元の版が指定されていません', detail: '読み込んだときのETagをIf-Matchに付けて送信してください。' },
    en: { title: 'The version to change is missing', detail: 'Send the ETag that you have read as If-Match.' },
  },
  'rate-limited': {
    ja: { title: '操作の回数が多すぎます', detail: 'Retry-Afterの秒数だけ待ってから、もう一度お試しください。' },
    en: { title: 'Too many requests', detail: 'Wait for the seconds in Retry-After, then try again.' },
  },
  internal: {
    ja: {
      title: 'サーバーで問題が起きました',
      detail: 'しばらくしてからお試しください。続く場合はtraceIdをお知らせください。',
    },
    en: { title: 'Something went wrong on our side', detail: 'Try again later. If it goes on, tell us the traceId.' },
  },
  unavailable: {
    ja: { title: '今は応答できません', detail: '少し待ってから、もう一度お試しください。' },
    en: { title: 'The service cannot answer now', detail: 'Wait a moment and try again.' },
  },
};

/** Figures that a field's message names. */
export interface FieldFigures {
  readonly least?: number;
  readonly most?: number;
}

/** `1 to 50`, `at least 1`, `at most 50`. */
function range({ least, most }: FieldFigures): Readonly<Record<Language, string>> {
  if (least !== undefined && most !== undefined) return { ja: `${least}以上${most}以下`, en: `${least} to ${most}` };
  if (least !== undefined) return { ja: `${least}以上`, en: `at least ${least}` };
  if (most !== undefined) return { ja: `${most}以下`, en: `at most ${most}` };
  return { ja: '決められた範囲', en: 'within the limits' };
}

/** One sentence about one field: it names the rule, so that it can be read out beside the field. */
export const fieldTexts: Readonly<Record<FieldCode, (figures: FieldFigures) => Readonly<Record<Language, string>>>> = {
  required: () => ({ ja: '入力してください。', en: 'This is required.' }),
  unknown: () => ({ ja: 'この項目はありません。取り除いてください。', en: 'There is no such field. Leave it out.' }),
  type: () => ({ ja: '値の型が違います。', en: 'The value is of the wrong type.' }),
  length: (figures) => ({
    ja: `文字数は${range(figures).ja}にしてください。`,
    en: `Use ${range(figures).en} characters.`,
  }),
  characters: () => ({
    ja: '使えない文字（制御文字など）が含まれています。',
    en: 'It contains characters that are not allowed, such as control characters.',
  }),
  range: (figures) => ({
    ja: `値は${range(figures).ja}にしてください。`,
    en: `The value has to be ${range(figures).en}.`,
  }),
  count: (figures) => ({
    ja: `個数は${range(figures).ja}にしてください。`,
    en: `The number of entries has to be ${range(figures).en}.`,
  }),
  choice: () => ({ ja: '選べる値のどれかにしてください。', en: 'Choose one of the values that are allowed.' }),
  format: () => ({ ja: '形式が正しくありません。', en: 'The format is not right.' }),
  distinct: () => ({ ja: '同じ値を二度使えません。', en: 'No value may occur twice.' }),
  reference: () => ({ ja: '指定されたものがありません。', en: 'What it refers to does not exist.' }),
};
