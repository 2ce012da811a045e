#!/bin/sh
# Makes the private bucket and the key the application uses, which opens nothing else. Run again, it changes nothing.
set -eu

mc mb --ignore-existing "files/$BUCKET"
cat >/tmp/policy.json <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": ["arn:aws:s3:::$BUCKET"] },
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      "Resource": ["arn:aws:s3:::$BUCKET/*"]
    }
  ]
}
POLICY
mc admin policy create files thuoc-evidence /tmp/policy.json
mc admin user add files "$APP_KEY" "$APP_SECRET"
# Attached already is an error of its own; what counts is the last line.
mc admin policy attach files thuoc-evidence --user "$APP_KEY" || true
mc ls "app/$BUCKET" >/dev/null
