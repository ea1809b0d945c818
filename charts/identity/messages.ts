import type * as cognitoidp from '../../imports/cognitoidp.ts';

/*
 * The pool has one text for everybody, and does not know yet who reads which language: both stand in it, Japanese first.
 * Limits are the API's: a subject has at most 140 characters, a message 20,000.
 */

/** Of the code that confirms an address, or lets somebody set a new password. */
export const verification: cognitoidp.UserPoolVerificationMessageTemplate = {
  defaultEmailOption: 'CONFIRM_WITH_CODE',
  emailSubject: 'OwlNest の確認コード / Your OwlNest code',
  emailMessage: inBoth(
    [
      'OwlNest をご利用いただきありがとうございます。',
      '確認コードは {####} です。',
      'お心当たりがない場合は、このメールを破棄してください。',
    ],
    ['Thank you for using OwlNest.', 'Your code is {####}.', 'If you did not ask for it, please ignore this mail.'],
  ),
};

/** Of the account that an administrator has made for somebody. */
export const invitation: cognitoidp.UserPoolAdminCreateUserConfigInviteMessageTemplate = {
  emailSubject: 'OwlNest への招待 / Your invitation to OwlNest',
  emailMessage: inBoth(
    [
      'OwlNest に招待されました。',
      'ユーザー名: {username}',
      '仮パスワード: {####}',
      '最初のサインインのときに変更してください。',
    ],
    [
      'You have been invited to OwlNest.',
      'User name: {username}',
      'Temporary password: {####}',
      'You will be asked to change it when you first sign in.',
    ],
  ),
};

/** Cognito sends it as HTML. */
function inBoth(japanese: readonly string[], english: readonly string[]): string {
  const text = (language: string, lines: readonly string[]) => `<p lang="${language}">${lines.join('<br>')}</p>`;
  return `${text('ja', japanese)}<hr>${text('en', english)}`;
}
